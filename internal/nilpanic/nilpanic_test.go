package nilpanic

import (
	"os"
	"os/exec"
	"runtime"
	"testing"
)

type deferred struct{ recovered, ended *bool }

func (d deferred) call() {
	*d.recovered = recover() != nil
	*d.ended = Ended()
}

// ending calls f, and reports what its deferred call saw.
func ending(f func()) (recovered, ended bool) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer deferred{&recovered, &ended}.call()
		f()
	}()
	<-done
	return recovered, ended
}

func TestEnded(t *testing.T) {
	if _, ended := ending(func() {}); ended {
		t.Error("a function that returned was ended by a panic")
	}
	if _, ended := ending(runtime.Goexit); ended {
		t.Error("a Goexit is a panic")
	}
	recovered, ended := ending(func() { panic(nil) })
	if !ended || recovered == Enabled {
		t.Errorf("panic(nil): recovered %v, ended %v, Enabled %v", recovered, ended, Enabled)
	}
}

// The same as a process that recovers nil.
func TestEnabled(t *testing.T) {
	if Enabled {
		return // this is that process
	}
	test := exec.Command(os.Args[0], "-test.run=TestEnded|TestEnabled", "-test.v")
	test.Env = append(os.Environ(), "GODEBUG=panicnil=1")
	if out, err := test.CombinedOutput(); err != nil {
		t.Errorf("with panicnil=1: %v\n%s", err, out)
	}
}
