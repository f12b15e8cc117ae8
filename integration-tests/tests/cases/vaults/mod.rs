//! Option vaults on the whole runtime: rounds from deposit to payout, and what no price may do to them.

mod markets;
mod random;
mod rounds;
mod safety;
mod stage;
