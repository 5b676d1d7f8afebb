package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// A process is what /proc/PID/stat says of one.
type process struct {
	pid, parent int
	memory      int64
}

// processes reads all of them. One that ends meanwhile is left out.
func processes() []process {
	names, _ := filepath.Glob("/proc/[0-9]*/stat")
	var all []process
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		// The name of the program, in parentheses, may hold anything.
		_, rest, ok := bytes.Cut(data, []byte(") "))
		fields := bytes.Fields(rest)
		if !ok || len(fields) < 22 {
			continue
		}
		var p process
		fmt.Sscan(string(data), &p.pid)
		p.parent, _ = strconv.Atoi(string(fields[1]))
		pages, _ := strconv.ParseInt(string(fields[21]), 10, 64)
		p.memory = pages * int64(os.Getpagesize())
		all = append(all, p)
	}
	return all
}

// tree returns pid and its descendants, those first that were started first.
func tree(pid int) []process {
	all := processes()
	var found []process
	wanted := map[int]bool{pid: true}
	for grown := true; grown; {
		grown = false
		for _, p := range all {
			if (wanted[p.pid] || wanted[p.parent]) && !contains(found, p.pid) {
				wanted[p.pid] = true
				found = append(found, p)
				grown = true
			}
		}
	}
	return found
}

func contains(list []process, pid int) bool {
	for _, p := range list {
		if p.pid == pid {
			return true
		}
	}
	return false
}

func descendants(pid int) []int {
	var pids []int
	for _, p := range tree(pid) {
		pids = append(pids, p.pid)
	}
	return pids
}

// treeMemory is the resident memory of pid and its descendants, in bytes. Pages
// that they share count for each of them.
func treeMemory(pid int) int64 {
	var sum int64
	for _, p := range tree(pid) {
		sum += p.memory
	}
	return sum
}
