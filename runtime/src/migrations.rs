//! What an upgrade does to what is stored.
//!
//! A pallet's storage version rises when what is stored under it comes to mean something else: bytes
//! of another layout, a value that must be there and was not. An item that is added, and whose absence
//! means what it meant before there was one, leaves the version alone: there is nothing to migrate.
//! The migration that takes a pallet from one version to the next is listed here with the release that
//! raises it, and taken out with the release after.
//!
//! Which list:
//!
//! - [`SingleBlock`] runs in the first block of the new runtime, whatever it costs. For what is bounded
//!   and small, as a value or a map with an entry per underlying; by
//!   `frame_support::migrations::VersionedMigration`, so that it cannot run twice.
//! - [`MultiBlock`] runs in the blocks that follow, in steps that a weight bounds. For whatever grows
//!   with the number of accounts, series or offers.
//!
//! While the second list is worked off no transaction is taken, so no price is fed and nobody is
//! liquidated, and no `on_idle` runs. Three things go on: hooks at the start of a block
//! (`risk-params`, `price-feed`, `margin`), what referenda have scheduled, and consensus. So what those
//! hooks read is migrated in one block, or is read in both layouts until the end. What cannot be decoded
//! is left as it is: a step that fails freezes the chain (docs/decisions/0022), which no single entry
//! is worth.

#[cfg(any(feature = "next", test))]
pub mod accounts;

/// What the first block after an upgrade to this runtime does.
pub type SingleBlock = ();

/// What the blocks after an upgrade to this runtime do, in order.
#[cfg(not(any(feature = "next", test)))]
pub type MultiBlock = ();
/// What the blocks after an upgrade to this runtime do, in order.
#[cfg(any(feature = "next", test))]
pub type MultiBlock = accounts::RewriteAccounts<accounts::PerBlock>;
