//! What one thread does alone.

use crate::measure::{case, Case};
use std::cell::RefCell;
use std::hint::black_box;
use std::sync::atomic::{AtomicU16, AtomicU32, AtomicU64, AtomicU8, Ordering::*};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, RwLock};
use std::thread;

static LAZY: LazyLock<usize> = LazyLock::new(|| 1);

/// Loads, eight a turn, as gen.go has them: one takes less than the turn.
macro_rules! loads {
    ($cases:ident, $atomic:ident, $name:expr, $order:expr) => {
        let x = $atomic::new(1);
        $cases.push(case($name, move |n| (0..n / 8).for_each(|_| {
            let (x, o) = (black_box(&x), $order);
            let pair = || x.load(o).wrapping_add(x.load(o));
            black_box(pair().wrapping_add(pair()).wrapping_add(pair()).wrapping_add(pair()));
        })));
    };
}

/// The operations of one atomic type, sequentially consistent.
macro_rules! atomics {
    ($cases:ident, $atomic:ident, $name:literal) => {
        loads!($cases, $atomic, concat!("atomic/", $name, "/load/seqcst"), SeqCst);
        atomics!(@ $cases, $atomic, $name, "store", |x: &$atomic| x.store(1, SeqCst));
        atomics!(@ $cases, $atomic, $name, "swap", |x: &$atomic| x.swap(1, SeqCst));
        atomics!(@ $cases, $atomic, $name, "add", |x: &$atomic| x.fetch_add(1, SeqCst));
        atomics!(@ $cases, $atomic, $name, "sub", |x: &$atomic| x.fetch_sub(1, SeqCst));
        atomics!(@ $cases, $atomic, $name, "and", |x: &$atomic| x.fetch_and(6, SeqCst));
        atomics!(@ $cases, $atomic, $name, "or", |x: &$atomic| x.fetch_or(1, SeqCst));
        atomics!(@ $cases, $atomic, $name, "xor", |x: &$atomic| x.fetch_xor(1, SeqCst));
        atomics!(@ $cases, $atomic, $name, "nand", |x: &$atomic| x.fetch_nand(1, SeqCst));
        atomics!(@ $cases, $atomic, $name, "max", |x: &$atomic| x.fetch_max(1, SeqCst));
        atomics!(@ $cases, $atomic, $name, "min", |x: &$atomic| x.fetch_min(1, SeqCst));
        atomics!(@ $cases, $atomic, $name, "compare-exchange", |x: &$atomic| x.compare_exchange(0, 0, SeqCst, Relaxed));
        atomics!(@ $cases, $atomic, $name, "compare-exchange-weak", |x: &$atomic| x.compare_exchange_weak(0, 0, SeqCst, Relaxed));
    };
    (@ $cases:ident, $atomic:ident, $name:literal, $op:literal, $run:expr) => {
        let x = $atomic::new(0);
        $cases.push(case(concat!("atomic/", $name, "/", $op, "/seqcst"), move |n| (0..n).for_each(|_| { let _ = black_box($run(black_box(&x))); })));
    };
}

pub fn cases() -> Vec<Case> {
    let mutex = Mutex::new(0usize);
    let tried = Mutex::new(0usize);
    let lock = RwLock::new(1usize);
    let written = RwLock::new(1usize);
    let once = OnceLock::from(1usize);
    let once_init = OnceLock::from(1usize);
    let arc = Arc::new(1usize);
    let owner = Arc::new(1usize);
    let weak = Arc::downgrade(&owner);
    let cell = RefCell::new(1usize);
    let cell_mut = RefCell::new(1usize);
    let mut cases = vec![
        case("mutex/plain", move |n| (0..n).for_each(|_| *black_box(&mutex).lock().unwrap() += 1)),
        case("mutex/try", move |n| (0..n).for_each(|_| *black_box(&tried).try_lock().unwrap() += 1)),
        case("rwlock/read", move |n| (0..n).for_each(|_| { black_box(*black_box(&lock).read().unwrap()); })),
        case("rwlock/write", move |n| (0..n).for_each(|_| *black_box(&written).write().unwrap() += 1)),
        case("once/oncelock/get", move |n| (0..n).for_each(|_| { black_box(black_box(&once).get()); })),
        case("once/oncelock/get-or-init", move |n| (0..n).for_each(|_| { black_box(black_box(&once_init).get_or_init(|| 2)); })),
        case("once/lazylock/get", |n| (0..n).for_each(|_| { black_box(**black_box(&&*LAZY)); })),
        case("arc/clone-drop", move |n| (0..n).for_each(|_| drop(black_box(black_box(&arc).clone())))),
        case("arc/weak-upgrade", move |n| { let _ = &owner; (0..n).for_each(|_| drop(black_box(weak.upgrade().unwrap()))) }),
        case("refcell/borrow", move |n| (0..n).for_each(|_| { black_box(*black_box(&cell).borrow()); })),
        case("refcell/borrow-mut", move |n| (0..n).for_each(|_| *black_box(&cell_mut).borrow_mut() += 1)),
        case("park/token-there", |n| {
            let me = thread::current();
            for _ in 0..n {
                me.unpark();
                thread::park();
            }
        }),
        case("thread/spawn-join", |n| (0..n).for_each(|i| assert_eq!(thread::spawn(move || i).join().unwrap(), i))),
        case("thread/scope/4", |n| {
            for _ in 0..n {
                thread::scope(|s| (0..4).for_each(|_| { s.spawn(|| {}); }));
            }
        }),
    ];
    atomics!(cases, AtomicU8, "uint8");
    atomics!(cases, AtomicU16, "uint16");
    atomics!(cases, AtomicU32, "uint32");
    atomics!(cases, AtomicU64, "uint64");
    loads!(cases, AtomicU32, "atomic/uint32/load/relaxed", Relaxed);
    loads!(cases, AtomicU32, "atomic/uint32/load/acquire", Acquire);
    let x = AtomicU32::new(1);
    cases.push(case("atomic/uint32/relaxed-store", move |n| (0..n).for_each(|_| black_box(&x).store(1, Relaxed))));
    let x = AtomicU32::new(1);
    cases.push(case("atomic/uint32/store/relaxed", move |n| (0..n).for_each(|_| black_box(&x).store(1, Relaxed))));
    let x = AtomicU32::new(1);
    cases.push(case("atomic/uint32/store/release", move |n| (0..n).for_each(|_| black_box(&x).store(1, Release))));
    cases
}
