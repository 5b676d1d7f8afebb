package lockdebug

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// OnQuit turns the notes on. When the process then gets SIGQUIT, as from ^\ or
// "kill -QUIT", the Report is written to w, which is os.Stderr for the most part, and
// the signal goes on to the runtime: it prints the stacks, as GOTRACEBACK says, and
// ends the process. stop undoes that, but for the notes.
//
// It catches the signal with package os/signal, so a goroutine has to run before
// anything is printed. In a process in which none can any more, SIGABRT still has the
// runtime print the stacks. Where there is no SIGQUIT, as on Windows, nothing happens.
func OnQuit(w io.Writer) (stop func()) {
	Enable()
	quit, stopped := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(quit, syscall.SIGQUIT)
	go func() {
		select {
		case <-stopped:
			return
		case <-quit:
		}
		fmt.Fprintln(w, "lockdebug: SIGQUIT")
		_ = Snapshot().WriteText(w) // there is nobody to tell of an error
		signal.Reset(syscall.SIGQUIT)
		if p, err := os.FindProcess(os.Getpid()); err == nil {
			_ = p.Signal(syscall.SIGQUIT)
		}
	}()
	return sync.OnceFunc(func() {
		signal.Stop(quit)
		close(stopped)
	})
}
