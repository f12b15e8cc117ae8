//! One file per call, and per rule that several calls share.

mod arrays;
mod bankruptcy;
mod deficits;
mod deposit;
mod deposit_collateral;
mod guarded;
mod health;
mod identities;
mod settle;
mod stress_loss;
mod sweep;
mod trade;
mod transfer;
mod transfer_portfolio;
mod view;
mod withdraw;
mod withdraw_collateral;
