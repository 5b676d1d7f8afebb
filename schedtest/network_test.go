package schedtest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/schedtest"
)

func network(pattern string) schedtest.Options {
	return schedtest.Options{Dir: filepath.Join("testdata", "network"), Schedules: 30, Duration: 20 * time.Second, Run: pattern, NoMinimize: true}
}

// A program sees the same of the network in memory, in every schedule, as of
// the system's.
func TestMemoryIsLikeTheRealNetworkLong(t *testing.T) {
	long.Only(t, "it starts process after process")
	seen := map[string]string{}
	for _, kind := range []string{"real", "memory"} {
		opts := network("^TestTranscript$")
		opts.Net = kind
		opts.Schedules = map[string]int{"real": 1, "memory": 10}[kind]
		name := filepath.Join(t.TempDir(), kind)
		opts.Env = append(os.Environ(), "TRANSCRIPT="+name)
		for _, r := range run(t, opts).Results {
			// On a busy machine the system takes its time to make the file of a unix
			// socket, and that is a wait for the outside.
			if r.Verdict == schedtest.Failed || kind == "real" && !r.External {
				t.Errorf("%s: %s, %s, %+v", kind, r.Verdict, r.Reason, r.Finding)
			}
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		seen[kind] = string(text)
	}
	want, got := strings.Split(seen["real"], "\n"), strings.Split(seen["memory"], "\n")
	for i := range max(len(want), len(got)) {
		if i >= len(want) || i >= len(got) {
			t.Fatalf("%d lines, want %d", len(got), len(want))
		}
		if want[i] != got[i] {
			t.Errorf("in memory:\n%s\nfor real:\n%s", got[i], want[i])
		}
	}
}

func TestTheOrderOfPacketsIsExploredLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds package net")
	want := map[string]struct {
		kind schedtest.Kind
		text string
	}{
		"TestTwoClients":   {schedtest.TestFailure, "ba"},
		"TestWholeMessage": {schedtest.TestFailure, "head"},
		"TestStuckRead":    {schedtest.Deadlock, "1 in read from 127.0.0.1:"},
		"TestStuckAccept":  {schedtest.GoroutineLeak, "1 in accept a connection at 127.0.0.1:"},
		"TestBothWrite":    {schedtest.Deadlock, "1 in write to 127.0.0.1:"},
	}
	for _, r := range run(t, network("TwoClients|WholeMessage|Stuck|BothWrite|ServerOfTestMain")).Results {
		w, fails := want[r.Test]
		delete(want, r.Test)
		switch {
		case r.External:
			t.Errorf("%s waited for the outside", r.Test)
		case !fails && r.Verdict != schedtest.Passed:
			t.Errorf("%s: %s: %+v", r.Test, r.Verdict, r.Finding)
		case fails && (r.Finding == nil || r.Finding.Kind != w.kind || !strings.Contains(r.Finding.Message, w.text)):
			t.Errorf("%s: %+v, want %s %s", r.Test, r.Finding, w.kind, w.text)
		case fails && !r.Finding.Exact:
			t.Errorf("%s: %s does not repeat", r.Test, r.Finding.Seed)
		}
	}
	if len(want) > 0 {
		t.Errorf("not run: %v", want)
	}
}

func TestBytesOrderTheirReaderAndNothingElseLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds the standard library once more, for the race detector")
	opts := network("Orders|Ordered|OtherConnection")
	opts.Race = true
	for _, r := range run(t, opts).Results {
		races := r.Finding != nil && r.Finding.Kind == schedtest.DataRace
		if want := r.Test != "TestOrdered"; races != want {
			t.Errorf("%s: %+v, want a race: %t", r.Test, r.Finding, want)
		}
	}
}

// What the network in memory cannot be, a test gets from the system: no failure
// is told that is none.
func TestWhoeverCanBeMetFromOutsideHasTheSystemsNetworkLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "several modules are built for it")
	system := map[string]bool{"TestOutsideDials": true, "TestFileDescriptor": true, "TestOutsideListens": false, "TestOutsideIsNobody": false}
	opts := network("Outside|FileDescriptor")
	opts.Dir, opts.Schedules = filepath.Join("testdata", "outside"), 5
	for _, r := range run(t, opts).Results {
		want, ok := system[r.Test]
		delete(system, r.Test)
		said := strings.Contains(strings.Join(r.Notes, "\n"), "its network is the system's")
		if !ok || r.Verdict != schedtest.Passed || said != want {
			t.Errorf("%s: %s, %s, %+v, %q", r.Test, r.Verdict, r.Reason, r.Finding, r.Notes)
		}
		if r.Test == "TestOutsideIsNobody" && r.External && os.Getuid() == 0 { // others may not try the port
			t.Error("a port at which nobody listens was waited for")
		}
	}
	if len(system) > 0 {
		t.Errorf("not run: %v", system)
	}
}

// A Read gets a part of what one Write has sent, or not. With faults it may be any
// part, bytes come late, and connections are reset.
func TestShortReadsDelaysAndResetsLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "hundreds of schedules of many tests")
	for _, faults := range []string{"", "net"} {
		opts := network("^Test(LongMessage|Packet|Echo|Retries|Timeout)$")
		opts.Schedules, opts.Faults = 200, faults
		fails := map[string]bool{"TestLongMessage": true, "TestPacket": faults != "", "TestEcho": faults != "", "TestRetries": false, "TestTimeout": faults != ""}
		for _, r := range run(t, opts).Results {
			want, ok := fails[r.Test]
			delete(fails, r.Test)
			switch f := r.Finding; {
			case !ok || want != (f != nil):
				t.Errorf("faults %q: %s: %+v", faults, r.Test, f)
			case f != nil && (!f.Exact || strings.Contains(f.Replay, "-faults net") != (faults != "")):
				t.Errorf("faults %q: %s: exact %t, %s", faults, r.Test, f.Exact, f.Replay)
			}
		}
		if len(fails) > 0 {
			t.Errorf("not run: %v", fails)
		}
	}
}

func TestTenThousandConnectionsLong(t *testing.T) {
	long.Only(t, "a schedule has a hundred thousand steps and as many goroutines as connections")
	opts := network("ManyConnections")
	opts.Schedules, opts.Duration = 3, time.Minute
	for _, r := range run(t, opts).Results {
		if r.Verdict != schedtest.Passed {
			t.Errorf("%s: %s, %+v", r.Verdict, r.Reason, r.Finding)
		}
	}
}

// web are the tests of testdata/web: servers of net/http.
func web(pattern string) schedtest.Options {
	return schedtest.Options{Dir: filepath.Join("testdata", "web"), Schedules: 50, Duration: 30 * time.Second, Run: pattern}
}

func TestServersLong(t *testing.T) {
	long.Only(t, "net/http is compiled for it")
	for _, r := range run(t, web("")).Results {
		if r.External {
			t.Errorf("%s waited for the outside", r.Test)
		}
		if r.Test != "TestCounter" {
			if r.Verdict != schedtest.Passed {
				t.Errorf("%s: %s: %+v", r.Test, r.Verdict, r.Finding)
			}
			continue
		}
		if r.Finding == nil || !r.Finding.Exact {
			t.Fatalf("%s: %+v", r.Test, r.Finding)
		}
		opts := web("^TestCounter$")
		opts.Replay, opts.Count = r.Finding.Original, 1000
		again := run(t, opts).Results
		if len(again) != 1 || again[0].Replayed != 1000 {
			t.Errorf("it came back %d times of 1000", again[0].Replayed)
		}
	}
}

func TestUnknownNetwork(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*schedtest.Options){
		`net "none": use memory, where the scheduler decides about the packets, or real`:      func(o *schedtest.Options) { o.Net = "none" },
		`faults "disk": there is only net, for short reads, delays and resets of connections`: func(o *schedtest.Options) { o.Faults = "disk" },
		`faults: the real network has its own; leave out -net real`:                           func(o *schedtest.Options) { o.Faults, o.Net = "net", "real" },
	} {
		opts := network("")
		change(&opts)
		if _, err := schedtest.Run(t.Context(), opts); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
