//! Accounts of the presets. Everybody knows their keys: they are derived, hard and in sr25519, from
//! the well-known development phrase, along the path of their name.

use crate::AccountId;
use alloc::vec::Vec;
use sp_core::hex2array;
use sp_keyring::Sr25519Keyring;

/// A named account: public key and the path its secret is derived along.
#[derive(Clone, Copy)]
pub struct NamedAccount {
	/// Derivation path, such as `//Keeper`.
	pub path: &'static str,
	/// Public key (sr25519). A constant, since deriving it takes the secret.
	pub public: [u8; 32],
}

impl NamedAccount {
	/// The account of this key.
	pub fn account_id(&self) -> AccountId {
		self.public.into()
	}
}

/// The oracle operators.
pub const OPERATORS: [NamedAccount; 5] = [
	// 5HSmGF21AGeaKpnrhNRTDbFSnnreuwA7Fe96o7PdzMsWwCxx
	NamedAccount {
		path: "//Operator//1",
		public: hex2array!("ee000884941e9502a6164356bd7dbe59437f0bfca696954727b18c0e7cca3b21"),
	},
	// 5G6kKz1XHRYrvs3LqNG8XSd7io6KHv4qsbpcrrbhgbtFqYKd
	NamedAccount {
		path: "//Operator//2",
		public: hex2array!("b27fbe193fe10691e9599b31e6a9ec329d73a098c74eccf71da124ddaeb5643e"),
	},
	// 5EvnkpYRXF7MCLW68EiABrkvLVfK8dbXHZwdLzCWVT3eYkEu
	NamedAccount {
		path: "//Operator//3",
		public: hex2array!("7eab3aac75e8a5d9c2375e979b5029f2ea9694782acf872e088e963e5180306d"),
	},
	// 5Dysea4WJySmBF5eur4ED41wWvXyjCK8shgteagyJLnExZsL
	NamedAccount {
		path: "//Operator//4",
		public: hex2array!("54c93362bc7c401a9338e1bd3bb8399af9f98a4af16d66a0a8d77d73e13b633f"),
	},
	// 5CPUZoM1V5mwYXgdrBHUdPRN6VMUj9rKJgpFLqRuaiR4wQu6
	NamedAccount {
		path: "//Operator//5",
		public: hex2array!("0e50ebf5b080dcc7419da367084290fc8aeb627f26a3f08ff5d408810762634f"),
	},
];

/// Liquidity provider of the mutual pool. 5HMohWALwMdBKpnvU5R93zHEjnyLtNxH7FNH9DAMVhrbamS3
pub const PROVIDER: NamedAccount = NamedAccount {
	path: "//Provider",
	public: hex2array!("ea3801477a2f2e35ac843d34bcc01a20e8cf72eab1ee8f016c189a3ebdb68b36"),
};
/// Buys options. 5FTrX9Po5UMmwze8Um87zjmAazxYTrWUrt61ZkTKBQ5FHbMy
pub const BUYER: NamedAccount = NamedAccount {
	path: "//Buyer",
	public: hex2array!("965c821beae2bfb05b6da3236a244d381d3a303fe75c30be5f261952fecb8c37"),
};
/// Writes options on thin margin. 5Gj6WQ95hHBtS7YRZb9RBfF1iQbmMTHQNw83sY3fx3N5dsqL
pub const WRITER: NamedAccount = NamedAccount {
	path: "//Writer",
	public: hex2array!("ce3881f6f7f1f460a1d0bbf2663d9cf00d3ce3a4f6d955c020b569eea83b8b4e"),
};
/// Writes options on ample margin. 5EeeLJ1EbHPMYusXpZ21hJoNApj7Y7zY7Gew136GUkWPE79Y
pub const PRUDENT: NamedAccount = NamedAccount {
	path: "//Prudent",
	public: hex2array!("725af2e56d6784a76c60a727f666ec2574594da4207dc4286e821c41596a052d"),
};
/// Writes covered calls. 5GCFiniyhYsmVNVZp4hAQZsEen2U7g7BH2QRd89SML5Bqt1E
pub const COVERED: NamedAccount = NamedAccount {
	path: "//Covered",
	public: hex2array!("b6b2ea7976ddb4c266a360c58b02cba47ef1925313d99f5cb5b0200402191547"),
};
/// Bids in liquidations. 5EqaRuCoU7Bvb1v6YDs2P7iYBcWQAoRwUuKbDU9q7oi44YVw
pub const BIDDER: NamedAccount = NamedAccount {
	path: "//Bidder",
	public: hex2array!("7ab1822becbf9e2cc95349b884d415cec1ffbb8787fe2b19f023efd5cb0f3e35"),
};
/// Reports accounts that fail. 5E4gXk5cHovdaaFasuJ42A4sE6T3cWp8dGrYcYaSnV2X9BGs
pub const KEEPER: NamedAccount = NamedAccount {
	path: "//Keeper",
	public: hex2array!("5874008fd34cf4a281b35bc487c12cc7050c404da6940005eb0095e20151391a"),
};

/// The actors of the demonstrations.
pub const ACTORS: [NamedAccount; 7] = [PROVIDER, BUYER, WRITER, PRUDENT, COVERED, BIDDER, KEEPER];

/// Accounts that trade: Alice to Ferdie and the actors. They hold assets.
pub fn traders() -> Vec<AccountId> {
	Sr25519Keyring::invulnerable()
		.map(|key| key.to_account_id())
		.chain(ACTORS.iter().map(NamedAccount::account_id))
		.collect()
}

/// Every account of the presets: the well-known ones with their stashes, actors and operators.
pub fn all() -> Vec<AccountId> {
	Sr25519Keyring::well_known()
		.map(|key| key.to_account_id())
		.chain(ACTORS.iter().chain(OPERATORS.iter()).map(NamedAccount::account_id))
		.collect()
}
