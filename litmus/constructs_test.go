package litmus

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
)

// constructs are programs that use each construct of the C format, with the
// verdict that RC11 and SC give, worked out by hand. In a body, LD, ST and FN
// stand for the explicit load, store and fence, and rlx to sc for the orders.
var constructs = []struct {
	name, init string
	threads    []string
	condition  string
	rc11, sc   string
	racy       bool
}{
	{"MP+rlx", "", []string{"ST(x,1,rlx); ST(y,1,rlx);", "int a = LD(y,rlx); int b = LD(x,rlx);"}, "exists (1:a=1 /\\ 1:b=0)", "Sometimes", "Never", false},
	{"MP+rel-acq", "", []string{"ST(x,1,rlx); ST(y,1,rel);", "int a = LD(y,acq); int b = LD(x,rlx);"}, "exists (1:a=1 /\\ 1:b=0)", "Never", "Never", false},
	{"MP+rel-rlx", "", []string{"ST(x,1,rlx); ST(y,1,rel);", "int a = LD(y,rlx); int b = LD(x,rlx);"}, "exists (1:a=1 /\\ 1:b=0)", "Sometimes", "Never", false},
	{"MP+fences", "", []string{"ST(x,1,rlx); FN(rel); ST(y,1,rlx);", "int a = LD(y,rlx); FN(acq); int b = LD(x,rlx);"}, "exists (1:a=1 /\\ 1:b=0)", "Never", "Never", false},
	{"MP+fence rel only", "", []string{"ST(x,1,rlx); FN(rel); ST(y,1,rlx);", "int a = LD(y,rlx); int b = LD(x,rlx);"}, "exists (1:a=1 /\\ 1:b=0)", "Sometimes", "Never", false},
	{"MP+fence acqrel", "", []string{"ST(x,1,rlx); FN(acqrel); ST(y,1,rlx);", "int a = LD(y,rlx); FN(acqrel); int b = LD(x,rlx);"}, "~exists (1:a=1 /\\ 1:b=0)", "Never", "Never", false},
	{"MP+na", "", []string{"*x = 1; ST(y,1,rel);", "int a = LD(y,acq); int b = 2; if (a == 1) { b = *x; }"}, "exists (1:a=1 /\\ 1:b=0)", "Never", "Never", false},
	{"MP+na+rlx", "", []string{"*x = 1; ST(y,1,rlx);", "int a = LD(y,acq); int b = 2; if (a == 1) { b = *x; }"}, "exists (1:b=2)", "", "", true},
	{"MP+else", "", []string{"ST(x,1,rlx); ST(y,1,rel);", "int a = LD(y,acq); int b = 7; if (a == 1) { b = LD(x,rlx); } else { b = 5; }"}, "forall (1:b=1 \\/ 1:b=5)", "Always", "Always", false},
	{"SB+rlx", "", []string{"ST(x,1,rlx); int a = LD(y,rlx);", "ST(y,1,rlx); int b = LD(x,rlx);"}, "exists (0:a=0 /\\ 1:b=0)", "Sometimes", "Never", false},
	{"SB+relacq", "", []string{"ST(x,1,rel); int a = LD(y,acq);", "ST(y,1,rel); int b = LD(x,acq);"}, "exists (0:a=0 /\\ 1:b=0)", "Sometimes", "Never", false},
	{"SB+sc", "", []string{"ST(x,1,sc); int a = LD(y,sc);", "ST(y,1,sc); int b = LD(x,sc);"}, "exists (0:a=0 /\\ 1:b=0)", "Never", "Never", false},
	{"SB+fences", "", []string{"ST(x,1,rlx); FN(sc); int a = LD(y,rlx);", "ST(y,1,rlx); FN(sc); int b = LD(x,rlx);"}, "exists (0:a=0 /\\ 1:b=0)", "Never", "Never", false},
	{"SB+fence one", "", []string{"ST(x,1,rlx); FN(sc); int a = LD(y,rlx);", "ST(y,1,rlx); int b = LD(x,rlx);"}, "exists (0:a=0 /\\ 1:b=0)", "Sometimes", "Never", false},
	{"SB+fence acqrel", "", []string{"ST(x,1,rlx); FN(acqrel); int a = LD(y,rlx);", "ST(y,1,rlx); FN(acqrel); int b = LD(x,rlx);"}, "exists (0:a=0 /\\ 1:b=0)", "Sometimes", "Never", false},
	{"SB+exchange", "", []string{"int u = atomic_exchange_explicit(x,1,memory_order_seq_cst); int a = LD(y,sc);", "int v = atomic_exchange_explicit(y,1,memory_order_seq_cst); int b = LD(x,sc);"}, "exists (0:a=0 /\\ 1:b=0)", "Never", "Never", false},
	{"LB", "", []string{"int a = LD(x,rlx); ST(y,1,rlx);", "int b = LD(y,rlx); ST(x,1,rlx);"}, "exists (0:a=1 /\\ 1:b=1)", "Never", "Never", false},
	{"CoRR", "", []string{"ST(x,1,rlx); ST(x,2,rlx);", "int a = LD(x,rlx); int b = LD(x,rlx);"}, "exists (1:a=2 /\\ 1:b=1)", "Never", "Never", false},
	{"CoWW", "", []string{"ST(x,1,rlx); ST(x,2,rlx);"}, "forall (x=2)", "Always", "Always", false},
	{"2+2W", "", []string{"ST(x,1,rlx); ST(y,2,rlx);", "ST(y,1,rlx); ST(x,2,rlx);"}, "exists (x=1 /\\ y=1)", "Sometimes", "Never", false},
	{"IRIW+acq", "", []string{"ST(x,1,rel);", "ST(y,1,rel);", "int a = LD(x,acq); int b = LD(y,acq);", "int c = LD(y,acq); int d = LD(x,acq);"}, "exists (2:a=1 /\\ 2:b=0 /\\ 3:c=1 /\\ 3:d=0)", "Sometimes", "Never", false},
	{"IRIW+sc", "", []string{"ST(x,1,sc);", "ST(y,1,sc);", "int a = LD(x,sc); int b = LD(y,sc);", "int c = LD(y,sc); int d = LD(x,sc);"}, "exists (2:a=1 /\\ 2:b=0 /\\ 3:c=1 /\\ 3:d=0)", "Never", "Never", false},
	{"WRC", "", []string{"ST(x,1,rlx);", "int a = LD(x,rlx); ST(y,1,rel);", "int b = LD(y,acq); int c = LD(x,rlx);"}, "exists (1:a=1 /\\ 2:b=1 /\\ 2:c=0)", "Never", "Never", false},
	{"WRC+rlx", "", []string{"ST(x,1,rlx);", "int a = LD(x,rlx); ST(y,1,rlx);", "int b = LD(y,acq); int c = LD(x,rlx);"}, "exists (1:a=1 /\\ 2:b=1 /\\ 2:c=0)", "Sometimes", "Never", false},
	{"fetch_add", "x = 5;", []string{"int a = atomic_fetch_add_explicit(x,1,memory_order_relaxed);", "int b = atomic_fetch_add_explicit(x,2,memory_order_relaxed);"}, "forall (x=8 /\\ (0:a=5 /\\ 1:b=6 \\/ 0:a=7 /\\ 1:b=5))", "Always", "Always", false},
	{"fetch_sub", "x = 5;", []string{"int a = atomic_fetch_sub_explicit(x,1,memory_order_relaxed);", "int b = atomic_fetch_sub_explicit(x,2,memory_order_relaxed);"}, "forall (x=2)", "Always", "Always", false},
	{"fetch_or, fetch_and", "x = 4;", []string{"int a = atomic_fetch_or_explicit(x,3,memory_order_relaxed);", "int b = atomic_fetch_and_explicit(x,5,memory_order_relaxed);"}, "forall (x=5 \\/ x=7)", "Always", "Always", false},
	{"fetch_xor", "x = 6;", []string{"int a = atomic_fetch_xor_explicit(x,3,memory_order_acq_rel);", "int b = atomic_fetch_xor_explicit(x,3,memory_order_acq_rel);"}, "forall (x=6 /\\ (0:a=6 \\/ 0:a=5))", "Always", "Always", false},
	{"release sequence", "", []string{"ST(x,1,rlx); ST(y,1,rel);", "int r = atomic_fetch_add_explicit(y,1,memory_order_relaxed);", "int a = LD(y,acq); int b = LD(x,rlx);"}, "exists (1:r=1 /\\ 2:a=2 /\\ 2:b=0)", "Never", "Never", false},
	{"no release sequence", "", []string{"ST(x,1,rlx); ST(y,1,rel); ST(y,2,rlx);", "int a = LD(y,acq); int b = LD(x,rlx);"}, "exists (1:a=2 /\\ 1:b=0)", "Sometimes", "Never", false},
	{"strong CAS", "", []string{"int e = 0; int ok = atomic_compare_exchange_strong_explicit(x,&e,1,memory_order_acq_rel,memory_order_acquire);", "int e = 0; int ok = atomic_compare_exchange_strong_explicit(x,&e,2,memory_order_acq_rel,memory_order_acquire);"}, "exists (0:ok=1 /\\ 1:ok=1)", "Never", "Never", false},
	{"strong CAS always succeeds alone", "", []string{"int e = 0; int ok = atomic_compare_exchange_strong_explicit(x,&e,1,memory_order_relaxed,memory_order_relaxed);"}, "forall (0:ok=1 /\\ x=1)", "Always", "Always", false},
	{"weak CAS may fail alone", "", []string{"int e = 0; int ok = atomic_compare_exchange_weak_explicit(x,&e,1,memory_order_relaxed,memory_order_relaxed);"}, "exists (0:ok=0 /\\ x=0)", "Sometimes", "Sometimes", false},
	{"not and nested", "", []string{"ST(x,1,rlx);", "int a = LD(x,rlx);"}, "forall (~(1:a=2) /\\ (1:a=0 \\/ ~(1:a=0)))", "Always", "Always", false},
	{"initial values", "x = 3; y = -1;", []string{"int a = LD(x,rlx);", "int b = LD(y,rlx);"}, "forall (0:a=3 /\\ 1:b=-1)", "Always", "Always", false},
	{"arithmetic on registers", "x = 3;", []string{"int a = LD(x,rlx); int b = a + 2; ST(x,b,rlx);"}, "forall (x=5 /\\ 0:b=5)", "Always", "Always", false},
	{"race of two writes", "", []string{"*x = 1;", "*x = 2;"}, "exists (x=1)", "", "", true},
	{"no race of two reads", "", []string{"int a = *x;", "int b = *x;"}, "forall (0:a=0 /\\ 1:b=0)", "Always", "Always", false},
	{"implicit orders are SeqCst", "", []string{"atomic_store(x,1); int a = atomic_load(y);", "atomic_store(y,1); int b = atomic_load(x);"}, "exists (0:a=0 /\\ 1:b=0)", "Never", "Never", false},
}

// loops are programs with loops and everything else that is written in more than one way.
var loops = []struct{ name, init, body0, body1, want, condition string }{
	{"for", "", "for (int i = 0; i < 3; i++) atomic_fetch_add(x, 1);", "", "Always", "forall (x=3 /\\ 0:i=3)"},
	{"do", "", "int r; do { r = atomic_load(x); } while (r == 0);", "atomic_store(x, 1);", "Always", "forall (0:r=1)"},
	{"while with a body", "", "int r = 0; while (r == 0) r = LD(x,acq); int s = LD(y,rlx);", "ST(y,1,rlx); ST(x,1,rel);", "Always", "forall (0:r=1 /\\ 0:s=1)"},
	{"while that counts", "", "int i = 0; int r = 0; while (r == 0 && i < 2) { r = LD(x,rlx); i++; }", "ST(x,1,rlx);", "Sometimes", "exists (0:i=2 /\\ 0:r=1)"},
	{"a compare-exchange loop", "", "int e = 0; while (!atomic_compare_exchange_strong(x, &e, 1)) e = 0; atomic_store(y, 1); atomic_store(x, 0);",
		"int e = 0; while (!atomic_compare_exchange_weak(x, &e, 2)) { e = 0; } int r = atomic_load(y);", "Always", "forall (1:r=1 /\\ x=2)"},
	{"a compare-exchange loop goes on after it wrote", "", "int e; do { e = 0; } while (atomic_compare_exchange_strong(x, &e, 1) || e == 0);", "", "Never", "exists (x=0)"},
	{"a lock by exchange", "", "while (atomic_exchange_explicit(y, 1, memory_order_acquire)) { } int r = *x; *x = r + 1; ST(y,0,rel);",
		"int s; do { s = atomic_exchange_explicit(y, 1, memory_order_acquire); } while (s == 1); int r = *x; *x = r + 1; ST(y,0,rel);", "Always", "forall (x=2 /\\ 1:s=0)"},
	{"a lock by a flag", "", "while (atomic_flag_test_and_set_explicit(y, memory_order_acquire)); int r = *x; *x = r + 1; atomic_flag_clear_explicit(y, memory_order_release);",
		"while (atomic_flag_test_and_set_explicit(y, memory_order_acquire)); int r = *x; *x = r + 1; atomic_flag_clear_explicit(y, memory_order_release);", "Always", "forall (x=2)"},
	{"a lock that tests first", "", "while (atomic_exchange_explicit(y, 1, memory_order_acquire)) while (LD(y,rlx)); int r = *x; *x = r + 1; ST(y,0,rel);",
		"for (;;) { int e = 0; if (atomic_compare_exchange_strong(y, &e, 1)) break; } int r = *x; *x = r + 1; ST(y,0,rel);", "Always", "forall (x=2)"},
	{"a value taken by exchange", "", "int r; do r = atomic_exchange_explicit(y, 0, memory_order_acquire); while (r == 0); int s = LD(x,rlx);", "ST(x,1,rlx); ST(y,2,rel);", "Always", "forall (0:r=2 /\\ 0:s=1 /\\ y=0)"},
	{"an exchange that finds what it writes, and goes on", "", "while (atomic_exchange_explicit(y, 1, memory_order_relaxed) == 0); ", "int r = LD(y,acq); int s = LD(x,rlx);", "Always", "forall (y=1)"},
	{"break in the middle", "", "int i = 0; int r = 0; while (i < 3) { r = LD(y,rlx); if (r) { break; } i++; }", "ST(y,1,rlx);", "Always", "forall (0:r=1 /\\ ~(0:i=3) \\/ 0:r=0 /\\ 0:i=3)"},
	{"break of the inner loop", "", "int n = 0; for (int i = 0; i < 2; i++) { for (int k = 0; k < 5; k++) { if (k == i) break; n++; } n += 10; }", "", "Always", "forall (0:n=21)"},
	{"continue in while", "", "int n = 0; int i = 0; while (i < 5) { i++; if (i == 2) continue; if (i > 3) { n += 100; continue; } n += i; }", "", "Always", "forall (0:n=204 /\\ 0:i=5)"},
	{"continue in for goes to the step", "", "int n = 0; for (int i = 0; i < 4; i++) { if (i % 2) continue; n += 10; }", "", "Always", "forall (0:n=20 /\\ 0:i=4)"},
	{"continue in do goes to the condition", "", "int n = 0; do { n++; if (n == 2) { if (1) continue; n = 50; } n += 10; } while (n == 2 || n == 11);", "", "Always", "forall (0:n=22)"},
	{"continue of the inner loop", "", "int n = 0; for (int i = 0; i < 2; i++) { for (int k = 0; k < 3; k++) { if (k) continue; n++; } n += 10; }", "", "Always", "forall (0:n=22)"},
	{"a loop that waits by continue", "", "int r; while (1) { r = LD(y,acq); if (r == 0) continue; break; } int s = LD(x,rlx);", "ST(x,1,rlx); ST(y,1,rel);", "Always", "forall (0:r=1 /\\ 0:s=1)"},
	{"conditional operator", "", "int r = 1 ? 2 : 3; int s = 0 ? LD(x,rlx) : r == 2 ? 7 : 8; int t = r ? LD(y,rlx) : atomic_fetch_add(y, 1);", "", "Always", "forall (0:r=2 /\\ 0:s=7 /\\ 0:t=0 /\\ y=0)"},
	{"assignment as a value", "", "int r; while ((r = LD(x,rlx)) == 0); int s; int t = (s = 4) + 1; t += s++; int u = --s; int v = (s = 9, s + 1);", "ST(x,3,rlx);", "Always", "forall (0:r=3 /\\ 0:t=9 /\\ 0:u=4 /\\ 0:v=10 /\\ 0:s=9)"},
	{"expressions alone", "", "int r = 1; r; (void) r; (void) atomic_fetch_add(x, 2); r ? r : 3; r == 1 && atomic_fetch_add(x, 4); r || atomic_fetch_add(x, 8);", "", "Always", "forall (x=6)"},
	{"commas in for", "", "int n = 0; int i; int k; for (i = 0, k = 5; i < k; i++, k--) n += k;", "", "Always", "forall (0:n=12)"},
	{"an array", "int a[3] = {4, 5};", "int r = LD(x,rlx); int s = a[r + 1]; a[r]++; ST(&a[2],r + 1,rlx);", "ST(x,0,rlx); int t = atomic_load(&a[2]); int u = *(a + 1);", "Sometimes", "exists (0:s=5 /\\ a[0]=5 /\\ 1:t=1 /\\ 1:u=5 /\\ a[2]=1)"},
	{"return", "", "int r = 0; if (LD(y,acq) == 0) return; while (1) { r = LD(x,rlx); if (r) return; }", "ST(x,1,rlx); ST(y,1,rel);", "Sometimes", "exists (0:r=1)"},
	{"assignments", "", "int r = 0; r++; r += 2; --r; r <<= 2; r |= 1; (*x)++; *x += 3;", "", "Always", "forall (0:r=9 /\\ x=4)"},
	{"an increment is atomic", "", "(*x)++;", "++*x;", "Always", "forall (x=2)"},
	{"flags", "", "int r = atomic_flag_test_and_set(x);", "int r = atomic_flag_test_and_set_explicit(x, memory_order_acquire); if (r) atomic_flag_clear(x);", "Sometimes", "exists (x=0)"},
	{"pointers", "", "atomic_store(&*x, 1); int r = atomic_load((atomic_int*)&(*x)); (*y) = r;", "", "Always", "forall (y=1)"},
	{"registers with a value", "0:r=5; int 1:s = -1;", "atomic_store(x, r);", "int t = s;", "Always", "forall (x=5 /\\ 1:t=-1)"},
	{"signal fence", "", "ST(x,1,rlx); atomic_signal_fence(memory_order_seq_cst); int a = LD(y,rlx);", "ST(y,1,rlx); int b = LD(x,rlx);", "Sometimes", "exists (0:a=0 /\\ 1:b=0)"},
	{"filter", "", "ST(x,1,rlx); ST(y,1,rel);", "int a = LD(y,acq); int b = LD(x,rlx);", "Always", "filter (1:a=1)\nforall (1:b=1)"},
	{"not exists", "", "ST(x,1,rlx);", "", "Never", "not exists (x=0);"},
}

func TestLoopsAndSpellings(t *testing.T) {
	for _, c := range loops {
		p, err := ParseC(c.name, []byte(source(c.name, c.init, []string{c.body0, c.body1}, c.condition)))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		res, err := Run(t.Context(), p, RC11, Limits{Events: 100})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var out bytes.Buffer
		if err := res.WriteText(&out); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), " "+c.want+" ") {
			t.Errorf("%s: want %s\n%s", c.name, c.want, out.String())
		}
	}
}

var spelled = strings.NewReplacer(
	",rlx)", ",memory_order_relaxed)", ",acq)", ",memory_order_acquire)", ",rel)", ",memory_order_release)", ",sc)", ",memory_order_seq_cst)",
	"FN(rel)", "atomic_thread_fence(memory_order_release)", "FN(acqrel)", "atomic_thread_fence(memory_order_acq_rel)",
	"FN(acq)", "atomic_thread_fence(memory_order_acquire)", "FN(sc)", "atomic_thread_fence(memory_order_seq_cst)",
	"LD(", "atomic_load_explicit(", "ST(", "atomic_store_explicit(",
)

func source(name, init string, threads []string, condition string) string {
	var b strings.Builder
	b.WriteString("C " + strings.ReplaceAll(name, " ", "_") + "\n{ " + init + " }\n")
	for i, body := range threads {
		x := "atomic_int*"
		if strings.Contains(strings.Join(threads, ""), "*x = ") || strings.Contains(strings.Join(threads, ""), "= *x") {
			x = "int*" // an assignment to *x of an atomic_int would be SeqCst
		}
		a := ""
		if strings.Contains(init, "a[") {
			a = ", int a[3]"
		}
		b.WriteString("P" + string(rune('0'+i)) + " (" + x + " x, atomic_int* y" + a + ") { " + spelled.Replace(body) + " }\n")
	}
	b.WriteString(condition + "\n")
	return b.String()
}

func TestConstructsHaveTheirVerdicts(t *testing.T) {
	for _, c := range constructs {
		p, err := ParseC(c.name+".litmus", []byte(source(c.name, c.init, c.threads, c.condition)))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for memory, want := range map[Memory]string{RC11: c.rc11, SC: c.sc} {
			res, err := Run(t.Context(), p, memory, Limits{})
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			var out bytes.Buffer
			if err := res.WriteText(&out); err != nil {
				t.Fatal(err)
			}
			seen := regexp.MustCompile(`Observation \S+ (\S+)`).FindStringSubmatch(out.String())
			if (res.Races > 0) != c.racy && memory == RC11 {
				t.Errorf("%s under %v: %d races", c.name, memory, res.Races)
			}
			if want != "" && (seen == nil || seen[1] != want) {
				t.Errorf("%s under %v: want %s\n%s", c.name, memory, want, out.String())
			}
		}
	}
}

// What the format does not have, or RC11 does not define, is named where it stands.
func TestConstructsThatAreRefused(t *testing.T) {
	for _, test := range []struct{ body, condition, want string }{
		{"int a = atomic_load_explicit(x, memory_order_consume);", "exists (0:a=0)", `^t:3:\d+: .*consume`},
		{"int a = atomic_load_explicit(x, memory_order_release);", "exists (0:a=0)", `^t:3:\d+: .*memory_order_release`},
		{"atomic_store_explicit(x, 1, memory_order_acquire);", "exists (x=0)", `^t:3:\d+: .*memory_order_acquire`},
		{"switch (1) { }", "exists (x=0)", `^t:3:\d+: .*switch`},
		{"WRITE_ONCE(*x, 1);", "exists (x=0)", `^t:3:\d+: .*Linux`},
		{"(* no comment here *) atomic_store(x, 1);", "exists (x=0)", `^t:3:\d+: `},
		{"*x *= 2;", "exists (x=0)", `^t:3:\d+: .*compare-exchange`},
		{"do { } until (1);", "exists (x=0)", `^t:3:\d+: expected "while"`},
		{"while (1) { }", "exists (x=0)", `^t:3:\d+: .*does not end`},
		{"break;", "exists (x=0)", `^t:3:\d+: "break" outside of a loop`},
		{"if (1) { continue; }", "exists (x=0)", `^t:3:\d+: "continue" outside of a loop`},
		{"int a = 1 ? 2;", "exists (x=0)", `^t:3:\d+: expected ":"`},
		{"int a = ++*x;", "exists (x=0)", `^t:3:\d+: .*atomic_fetch_add`},
		{"x = 1, 2;", "exists (x=0)", `^t:3:\d+: .*pointer`},
		{"r;", "exists (x=0)", `^t:3:\d+: "r" is neither a register`},
		{"mtx_lock(x);", "exists (x=0)", `^t:3:\d+: "mtx_lock" is not supported: write`},
		{"int a = atomic_add_return(1, x);", "exists (x=0)", `^t:3:\d+: .*Linux`},
		{"int a = __atomic_add_unless{mb}(x, 1, 2);", "exists (x=0)", `^t:3:\d+: .*Linux`},
		{"int a = x[1];", "exists (x=0)", `^t:3:\d+: "x" is no array`},
		{"int a = atomic_load(x + 1);", "exists (x=0)", `^t:3:\d+: "x" is no array`},
		{"return 1;", "exists (x=0)", `^t:3:\d+: .*no value to return`},
		{"goto out;", "exists (x=0)", `^t:3:\d+: .*goto`},
		{"float f = 1;", "exists (x=0)", `^t:3:\d+: `},
		{"int a = 1 +;", "exists (x=0)", `^t:3:\d+: `},
		{"int a = nowhere(x);", "exists (x=0)", `^t:3:\d+: .*nowhere`},
		{"int a = 1;", "exists (0:b=0)", `^t:4:\d+: .*b`},
		{"int a = 1;", "exists (0:a=0", `^t:[45]:\d+: `},
		{"int a = 1;", "perhaps (0:a=0)", `^t:4:\d+: .*perhaps`},
		{"int a = 1;", "exists (7:a=0)", `^t:4:\d+: .*7`},
	} {
		_, err := ParseC("t", []byte("C T\n{ }\nP0 (atomic_int* x) { "+test.body+" }\n"+test.condition+"\n"))
		if err == nil || !regexp.MustCompile(test.want).MatchString(err.Error()) {
			t.Errorf("%s %s: %v; want %s", test.body, test.condition, err, test.want)
		}
	}
}
