//! One file per call, hook and view.

mod bid;
mod end_auction;
mod liquidate;
mod liquidate_authorized;
mod must_never;
mod offchain_worker;
mod on_idle;
mod take_over;
mod try_state;
mod views;
