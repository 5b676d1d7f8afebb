//! Measures what `fearless bench` measures, with Rust's standard library, and
//! prints a line for each case: its name and the median nanoseconds. The
//! arguments are the names of the cases that are wanted.

mod contended;
mod measure;
mod single;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let cases: Vec<measure::Case> = single::cases().into_iter().chain(contended::cases()).collect();
    for (name, mut run) in cases {
        if wanted.contains(&name) {
            println!("{} {:.3}", name, measure::median(&mut *run));
        }
    }
}
