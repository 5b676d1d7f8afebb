// What GenMC explores beside us: see threads.go.

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#define LOAD(x, o) atomic_load_explicit(&(x), memory_order_##o)
#define STORE(x, v, o) atomic_store_explicit(&(x), v, memory_order_##o)
#define ADD(x) atomic_fetch_add_explicit(&(x), 1, memory_order_relaxed)

#if defined(NOTHING)
#define THREADS 0
static void body(int i) {}
#elif defined(READERS)
#define THREADS (N + 1)
static atomic_int x;
static void body(int i) {
	if (i == 0) STORE(x, 42, release);
	else LOAD(x, acquire);
}
#elif defined(AINC)
#define THREADS N
static atomic_int x;
static void body(int i) { ADD(x); }
#elif defined(INC)
#define THREADS N
static atomic_int x;
static void body(int i) {
	int r = LOAD(x, relaxed);
	STORE(x, r + (1 << i), release);
}
#elif defined(CINC)
#define THREADS N
static atomic_int x, y, z;
static void body(int i) { ADD(x); ADD(y); ADD(z); }
#elif defined(TICKETLOCK)
#define THREADS N
static atomic_int next, owner;
static int shared;
static void body(int i) {
	int ticket = ADD(next);
	while (LOAD(owner, acquire) != ticket) ;
	shared = i;
	int o = LOAD(owner, relaxed);
	STORE(owner, o + 1, release);
}
#elif defined(TTASLOCK)
#define THREADS N
static atomic_int state;
static int shared;
static void body(int i) {
	for (;;) {
		while (LOAD(state, relaxed) != 0) ;
		if (!atomic_exchange_explicit(&state, 1, memory_order_acquire)) break;
	}
	shared = i;
	STORE(state, 0, release);
}
#elif defined(LASTZERO)
#define THREADS (N + 1)
static atomic_int array[N + 1];
static void body(int i) {
	if (i > 0) {
		int r = LOAD(array[i - 1], acquire);
		STORE(array[i], r + 1, release);
		return;
	}
	for (int k = N; LOAD(array[k], acquire) != 0; k--) ;
}
#elif defined(CASROT)
#define THREADS N
static atomic_int x;
static void body(int i) {
	int expected = i;
	atomic_compare_exchange_strong_explicit(&x, &expected, i + 1, memory_order_relaxed, memory_order_relaxed);
}
#elif defined(COA)
#define THREADS (N + 1)
static atomic_int x, y, z;
static void body(int i) {
	if (i == 0) {
		STORE(x, 1, release); LOAD(y, acquire); LOAD(x, acquire);
	} else if (i == 1) {
		STORE(x, 2, release); LOAD(z, acquire); LOAD(x, acquire);
	} else {
		STORE(y, i - 2, release); STORE(z, i - 2, release);
	}
}
#elif defined(FIB_BENCH)
#define THREADS 3
static atomic_int x = 1, y = 1;
static void body(int i) {
	if (i == 2) {
		if (LOAD(x, acquire) <= 144) LOAD(y, acquire);
		return;
	}
	for (int k = 0; k < N; k++) {
		int a = LOAD(x, acquire);
		int b = LOAD(y, acquire);
		if (i == 0) STORE(x, a + b, release);
		else STORE(y, a + b, release);
	}
}
#elif defined(BIG0)
#define THREADS 4
static atomic_int x, y, z, w;
static void body(int i) {
	if (i == 0) {
		LOAD(x, acquire); LOAD(y, acquire); LOAD(z, acquire); LOAD(w, acquire);
		LOAD(x, acquire); LOAD(y, acquire); LOAD(z, acquire);
	} else if (i == 1) {
		LOAD(x, acquire); LOAD(y, acquire); LOAD(z, acquire);
	} else if (i == 2) {
		for (int v = 1; v <= 3; v++) { STORE(x, v, release); STORE(y, v, release); }
	} else {
		for (int v = 1; v <= 3; v++) { STORE(z, v, release); STORE(w, v, release); }
	}
}
#endif

static void *run(void *arg) {
	body((int)(intptr_t)arg);
	return 0;
}

int main(void) {
	pthread_t t[THREADS + 1];
	for (intptr_t i = 0; i < THREADS; i++) pthread_create(&t[i], 0, run, (void *)i);
	return 0;
}
