package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// memoryOf is the memory that a process and its descendants hold now, in
// bytes (proc_pid_stat(5), field rss).
func memoryOf(pid int) int64 {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0
	}
	children := map[int][]int{}
	pages := map[int]int64{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			continue // the process has ended
		}
		// The name, in parentheses, may hold spaces.
		end := strings.LastIndexByte(string(data), ')')
		fields := strings.Fields(string(data[end+1:]))
		if end < 0 || len(fields) < 22 {
			continue
		}
		id, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		parent, _ := strconv.Atoi(fields[1])
		children[parent] = append(children[parent], id)
		pages[id], _ = strconv.ParseInt(fields[21], 10, 64)
	}
	var sum func(pid int) int64
	sum = func(pid int) int64 {
		n := pages[pid]
		for _, c := range children[pid] {
			n += sum(c)
		}
		return n
	}
	return sum(pid) * int64(os.Getpagesize())
}
