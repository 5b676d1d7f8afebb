//! What several threads do at once.

use crate::measure::{case, parallel, Case};
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::*};
use std::sync::{mpsc, Arc, Condvar, Mutex, RwLock};
use std::thread;
use std::time::Duration;

fn cores() -> usize {
    thread::available_parallelism().map_or(1, |n| n.get())
}

/// A chain of multiplications, as work in parallel.go.
fn work(units: usize) {
    let mut x = units as u64 | 1;
    for _ in 0..units {
        x = black_box(x.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407));
    }
}

pub fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("rwlock/read/all-cores", |n| {
            let lock = RwLock::new(1);
            parallel(cores(), n, |_, n| (0..n).for_each(|_| { black_box(*lock.read().unwrap()); }));
        }),
        case("rwlock/mix/90-10", |n| mix(n, 10)),
        case("rwlock/mix/50-50", |n| mix(n, 2)),
        case("condvar/ping-pong", |n| {
            let (turn, changed) = (Mutex::new(0), Condvar::new());
            parallel(2, 2 * n, |me, n| {
                for _ in 0..n {
                    let mut turn = changed.wait_while(turn.lock().unwrap(), |t| *t != me).unwrap();
                    *turn = 1 - me;
                    changed.notify_one();
                }
            });
        }),
        case("park/ping-pong", |n| park_ping_pong(n, thread::park)),
        case("park/timeout-unfired", |n| park_ping_pong(n, || thread::park_timeout(Duration::from_secs(3600)))),
        case("arc/clone-drop/all-cores", |n| {
            let arc = Arc::new(1);
            parallel(cores(), n, |_, n| (0..n).for_each(|_| drop(black_box(arc.clone()))));
        }),
        case("atomic/uint64/add/all-cores", |n| {
            let x = AtomicU64::new(0);
            parallel(cores(), n, |_, n| (0..n).for_each(|_| { x.fetch_add(1, Relaxed); }));
            assert_eq!(x.into_inner(), n as u64);
        }),
        case("atomic/uint64/compare-exchange/all-cores", |n| {
            let x = AtomicU64::new(0);
            parallel(cores(), n, |_, n| {
                for _ in 0..n {
                    let mut old = x.load(Relaxed);
                    while let Err(found) = x.compare_exchange_weak(old, old + 1, AcqRel, Relaxed) {
                        old = found;
                    }
                }
            });
            assert_eq!(x.into_inner(), n as u64);
        }),
    ];
    for width in [2, 4, 16, 64] {
        for (name, units) in [("short", 0), ("long", 400)] {
            cases.push(case(&format!("mutex/{width}/{name}"), move |n| {
                let mutex = Mutex::new(0);
                parallel(width, n, |_, n| {
                    for _ in 0..n {
                        let mut value = mutex.lock().unwrap();
                        work(units);
                        *value += 1;
                    }
                });
                assert_eq!(mutex.into_inner().unwrap(), n);
            }));
        }
    }
    for size in [1, 128] {
        cases.push(case(&format!("queue/{size}/1-1"), move |n| {
            let (send, receive) = mpsc::sync_channel(size);
            thread::scope(|s| {
                s.spawn(move || (0..n).for_each(|i| send.send(i).unwrap()));
                for i in 0..n {
                    assert_eq!(receive.recv().unwrap(), i);
                }
            });
        }));
    }
    cases
}

fn mix(n: usize, every: usize) {
    let lock = RwLock::new(0usize);
    parallel(cores(), n, |_, n| {
        for i in 0..n {
            if i % every == 0 {
                *lock.write().unwrap() += 1;
            } else {
                black_box(*lock.read().unwrap());
            }
        }
    });
}

/// Counts on park not returning for nothing, which it may and in practice does not.
fn park_ping_pong(n: usize, park: impl Fn() + Send + Copy + 'static) {
    let first = thread::current();
    let second = thread::spawn(move || {
        for _ in 0..n {
            park();
            first.unpark();
        }
    });
    for _ in 0..n {
        second.thread().unpark();
        park();
    }
    second.join().unwrap();
}
