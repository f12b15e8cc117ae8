//! Accounts with keys.

use ballast_runtime::{genesis::accounts::NamedAccount, AccountId};
use sp_core::{crypto::DEV_PHRASE, sr25519, DeriveJunction, Pair};
use std::sync::OnceLock;

/// Somebody who signs transactions.
#[derive(Clone)]
pub struct Actor {
	pair: sr25519::Pair,
}

impl core::fmt::Debug for Actor {
	fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
		write!(f, "{}", self.account())
	}
}

/// The key of the well-known development phrase, from which all others are derived.
fn root() -> &'static sr25519::Pair {
	static ROOT: OnceLock<sr25519::Pair> = OnceLock::new();
	ROOT.get_or_init(|| sr25519::Pair::from_string(DEV_PHRASE, None).expect("well known"))
}

impl Actor {
	/// The actor at a hard path such as `//Alice` or `//Operator//1`.
	pub fn at(path: &str) -> Self {
		let junctions =
			path.split("//").skip(1).map(|name| DeriveJunction::from(format!("/{name}")));
		let (pair, _) = root().derive(junctions, None).expect("sr25519 derives every path");
		Self { pair }
	}

	/// An actor of the presets.
	pub fn named(account: &NamedAccount) -> Self {
		let actor = Self::at(account.path);
		assert_eq!(actor.account(), account.account_id(), "{}", account.path);
		actor
	}

	/// Its account.
	pub fn account(&self) -> AccountId {
		self.pair.public().into()
	}

	/// Its signature.
	pub fn sign(&self, message: &[u8]) -> sr25519::Signature {
		self.pair.sign(message)
	}
}
