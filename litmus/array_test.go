package litmus

import (
	"errors"
	"strings"
	"testing"
)

func TestAnElementThatAnArrayDoesNotHaveIsNamed(t *testing.T) {
	for _, memory := range []Memory{RC11, SC} {
		p, err := ParseC("f", []byte("C far\n{ int a[2]; }\nP0(atomic_int* x, int* a) { int r = atomic_load(x); a[r] = 1; }\nP1(atomic_int* x) { *x = 2; }"))
		if err != nil {
			t.Fatal(err)
		}
		_, err = Run(t.Context(), p, memory, Limits{})
		var ie *IndexError
		if !errors.As(err, &ie) || ie.Thread != 0 || ie.Array != "a" || ie.Index != 2 || !strings.Contains(err.Error(), "far: thread 0 uses element 2 of a, which has 2") {
			t.Errorf("%v: %v", memory, err)
		}
	}
}

func TestArraysArePrintedAsHerdDoes(t *testing.T) {
	got := run(t, "C arr\n{ int a[2] = {-1, 0x10}; }\nP0(int* a) { a[0] = 3; }\nlocations [a;]\nforall (a[0] != 1 /\\ ~(a[1]=2 \\/ [a[0]]=4 /\\ true))", RC11)
	const want = `Test arr Required
States 1
a[0]=3; a[1]=16;
Ok
Witnesses
Positive: 1 Negative: 0
Condition forall (not (a[0]=1) /\ not (a[1]=2 \/ a[0]=4 /\ true))
Observation arr Always 1 0

`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestRacesAreOfAllExecutions(t *testing.T) {
	got := run(t, "C racy\n{}\nP0(int* x) { *x = 1; }\nP1(int* x) { int r = *x; }\nfilter (1:r=1)\nforall (1:r=1)", RC11)
	if !strings.Contains(got, "\nStates 1\n1:r=1;\nUndef\nWitnesses\nPositive: 1 Negative: 0\nFlag data-race: 2 of 2 executions") {
		t.Error(got)
	}
}

func TestARacyProgramIsUndefined(t *testing.T) {
	got := run(t, "C racy\n{}\nP0(int* x) { *x = 1; }\nP1(int* x) { int r = *x; }\nexists (1:r=1)", RC11)
	if !strings.Contains(got, "\n1:r=1;\nUndef\nWitnesses\nPositive: 1 Negative: 1\nFlag data-race: 2 of 2 executions") {
		t.Error(got)
	}
}
