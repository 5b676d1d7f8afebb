//go:build go1.26 && !go1.28 && !fearless_portable

#include "textflag.h"

// func Key() uintptr
TEXT ·Key(SB), NOSPLIT, $0-4
	MOVW g, R0
	MOVW R0, ret+0(FP)
	RET
