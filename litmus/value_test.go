package litmus_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/litmus"
)

// one is a program of one thread, whose body begins in line 4.
func one(params, body string) []byte {
	return fmt.Appendf(nil, "C T\n{}\nP0(%s) {\n%s\n}\nexists (true)\n", params, body)
}

func TestWhatCLeavesUndefinedIsAMistakeWhereItStands(t *testing.T) {
	const params = "atomic_int* x, atomic_char* c, atomic_uint* u, volatile int* p"
	for body, want := range map[string]string{
		"int r = 1 / 0;":               "4:11: \"/\" by zero",
		"int r = 5 % (2 - 2);":         "4:11: \"%\" by zero",
		"int r = 1 << 64;":             "4:11: \"<<\" by 64",
		"int r = 1 >> -1;":             "4:11: \">>\" by -1",
		"int r = 1; r /= 0;":           "\"/\" by zero",
		"int r = 1; r <<= 100;":        "\"<<\" by 100",
		"*p = 1 / 0;":                  "4:8: \"/\" by zero",
		"int r = 5000000000;":          "4:9: the value 5000000000 does not fit the type int",
		"atomic_store(x, 2147483648);": "4:17: the value 2147483648 does not fit",
		"atomic_store_explicit(c, 128, memory_order_relaxed);": "4:26: the value 128 does not fit the type atomic_char",
		"atomic_store(u, -1);":                                 "4:17: the value -1 does not fit the type atomic_uint",
		"*p = 1 << 31;":                                        "the value 2147483648 does not fit",
		"atomic_exchange(c, 1000);":                            "the value 1000 does not fit",
		"unsigned char r = 256;":                               "the value 256 does not fit the type unsigned char",
		"int r = 1_000;":                                       "is no number",
	} {
		_, err := litmus.Parse("t", one(params, body))
		if place := (*litmus.ParseError)(nil); !errors.As(err, &place) || place.Line != 4 || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want %s", body, err, want)
		}
	}
	for body, want := range map[string]string{
		"int z = atomic_load(x); int r = 1 / z;":                          "line 4, column 35: \"/\" by zero",
		"int z = atomic_load(x);\nint r = 1 << (z + 64);":                 "line 5, column 11: \"<<\" by 64",
		"int z = 1; z = z && 1 % atomic_load(x);":                         "\"%\" by zero",
		"char r = 127; r++;":                                              "the value 128 does not fit the type char",
		"atomic_store(c, 127); atomic_fetch_add(c, 1);":                   "the value 128 does not fit the type atomic_char",
		"int r = 100; atomic_store(c, r + r);":                            "line 4, column 32: the value 200",
		"int z = 0; if (atomic_compare_exchange_strong(c, &z, z - 200));": "the value -200",
	} {
		list, err := litmus.Parse("t", one(params, body))
		if err == nil {
			_, err = litmus.Run(t.Context(), list[0], litmus.RC11, litmus.Limits{Events: 100})
		}
		if value := (*litmus.ValueError)(nil); !errors.As(err, &value) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want %s", body, err, want)
		}
	}
	for _, body := range []string{
		"int z = atomic_load(x); int r = z && 1 / z;", "int z = 1; int r = z || 1 / 0 * z;", "long r = 5000000000;", "long long r = 1 << 62;",
		"int r = -2147483648;", "unsigned r = 4294967295;", "_Bool b = 5; if (b != 1) b = 1 / b;", "atomic_store(c, -128);", "int r = 7 / 2 << 3;",
		"uint64_t r = 1; unsigned long s = r << 62;",
	} {
		list, err := litmus.Parse("t", one(params, body))
		if err == nil {
			_, err = litmus.Run(t.Context(), list[0], litmus.RC11, litmus.Limits{Events: 100})
		}
		if err != nil && !strings.Contains(body, "1 / 0") {
			t.Errorf("%s: %v", body, err)
		}
	}
	for text, want := range map[string]string{
		"C T\n{ int x = 2147483648; }\nP0(int* x) {}\nexists (true)\n":                              "2:11: the value 2147483648",
		"C T\n{ char y[2] = {1, 300}; }\nP0(char* y) {}\nexists (true)\n":                           "2:19: the value 300",
		"C T\n{ x = 200; }\nP0(atomic_char* x) {}\nexists (true)\n":                                 "3:17: \"x\" is 200 at first",
		"C T\n{ 0:r = 1; }\nP0(_Bool* x) { *x = 2; }\nexists (x = 1)\n":                             "",
		"C T\n{ long long int x = 1; }\nP0(long long int* x) { *x = 5000000000; }\nexists (true)\n": "",
	} {
		if _, err := litmus.Parse("t", []byte(text)); want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v; want %s", text, err, want)
		}
	}
}

func TestAFileThatIsTooLongIsRefused(t *testing.T) {
	for _, begin := range []string{"C T\n", "[", ""} {
		data := append([]byte(begin), bytes.Repeat([]byte{' '}, litmus.MaxInput+1)...)
		for _, parse := range []func() error{
			func() error { _, err := litmus.Parse("t", data); return err },
			func() error { _, err := litmus.ParseC("t", data); return err },
			func() error { _, err := litmus.ParseJSON("t", data); return err },
		} {
			if err := parse(); err == nil || !strings.Contains(err.Error(), "more than 16 MB") {
				t.Error(err)
			}
		}
	}
}
