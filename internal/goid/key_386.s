//go:build go1.26 && !go1.28 && !fearless_portable

#include "textflag.h"

// func Key() uintptr
TEXT ·Key(SB), NOSPLIT, $0-4
	MOVL TLS, CX
	MOVL 0(CX)(TLS*1), AX
	MOVL AX, ret+0(FP)
	RET
