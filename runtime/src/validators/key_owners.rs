//! Whose session keys are in force, and were in sessions that can still be punished.

pub use pallet_key_owners::*;

/// Keeps who signed with which keys in each session, so that an offence is its author's, whatever the
/// author does with its keys afterwards.
///
/// `Session` knows the keys that were set last. Those in force are the ones of a session or two before:
/// a proof from the former would be refused for whoever changes keys in time
/// (docs/decisions/0023).
///
/// An entry takes 96 bytes. With all 100 seats taken a session's record has 9.6 kB, and those of the nine
/// days of a production chain 2.1 MB.
#[frame_support::pallet]
pub mod pallet_key_owners {
	use alloc::vec::Vec;
	use core::ops::RangeInclusive;
	use frame_support::{
		dispatch::DispatchClass,
		pallet_prelude::*,
		traits::{Defensive, KeyOwnerProofSystem},
	};
	use frame_system::pallet_prelude::*;
	use pallet_session::SessionHandler;
	use sp_consensus_babe::{AuthorityId as AuthorId, Slot};
	use sp_consensus_grandpa::{AuthorityId as VoterId, SetId};
	use sp_runtime::{traits::OpaqueKeys, KeyTypeId, SaturatedConversion};
	use sp_session::MembershipProof;
	use sp_staking::SessionIndex;

	/// Validators of a session in their order, each with the keys that are in force.
	pub type Owners<T> =
		Vec<(<T as frame_system::Config>::AccountId, <T as pallet_session::Config>::Keys)>;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::config]
	pub trait Config:
		frame_system::Config
		+ pallet_session::Config<ValidatorId = <Self as frame_system::Config>::AccountId>
		+ pallet_babe::Config
		+ pallet_grandpa::Config
	{
		/// Who is told of sessions: those who use the keys.
		type Users: SessionHandler<Self::AccountId>;
		/// Sessions that are remembered, the present one among them.
		#[pallet::constant]
		type SessionsKept: Get<SessionIndex>;
	}

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// By session: its validators, and the keys that they sign with in it. As many as there are seats.
	#[pallet::storage]
	#[pallet::unbounded]
	pub type InForce<T: Config> = StorageMap<_, Twox64Concat, SessionIndex, Owners<T>, ValueQuery>;

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	impl<T: Config> Pallet<T> {
		/// Proves that a key signed blocks in the session of a slot; nothing if it did not, or if the
		/// session is not on record.
		pub fn prove_author(slot: Slot, key: &AuthorId) -> Option<MembershipProof> {
			let session = session_of_slot::<T>(slot);
			Self::find(session..=session, (sp_consensus_babe::KEY_TYPE, key.as_ref()))
		}

		/// Proves that a key voted in a set; nothing if it did not, or if no session of the set is on
		/// record.
		pub fn prove_voter(set: SetId, key: &VoterId) -> Option<MembershipProof> {
			let sessions = sessions_of_set::<T>(set)?;
			Self::find(sessions, (sp_consensus_grandpa::KEY_TYPE, key.as_ref()))
		}

		/// Names the newest of these sessions in which a key was in force.
		fn find(
			sessions: RangeInclusive<SessionIndex>,
			(id, key): (KeyTypeId, &[u8]),
		) -> Option<MembershipProof> {
			let (first, last) = (*sessions.start(), *sessions.end());
			let oldest = last.saturating_sub(T::SessionsKept::get());
			(first.max(oldest)..=last).rev().find_map(|session| {
				let owners = InForce::<T>::get(session);
				owner::<T>(&owners, id, key)?;
				let validator_count = owners.len().saturated_into();
				Some(MembershipProof { session, trie_nodes: Vec::new(), validator_count })
			})
		}

		/// Puts a session on record and forgets the oldest; tells whether it is another record than the
		/// one of the session before.
		fn record<Keys: OpaqueKeys>(
			session: SessionIndex,
			validators: &[(T::AccountId, Keys)],
		) -> bool {
			let owners: Owners<T> = validators
				.iter()
				.filter_map(|(who, keys)| Some((who.clone(), same::<T, _>(keys).defensive()?)))
				.collect();
			let before = session.checked_sub(1).map(InForce::<T>::get);
			let differs = before.as_ref() != Some(&owners);
			InForce::<T>::insert(session, owners);
			if let Some(oldest) = session.checked_sub(T::SessionsKept::get()) {
				InForce::<T>::remove(oldest);
			}
			// Sessions begin in hooks of pallets that count no weight for them.
			frame_system::Pallet::<T>::register_extra_weight_unchecked(
				T::DbWeight::get().reads_writes(1, 2),
				DispatchClass::Mandatory,
			);
			differs
		}

		/// The record is of what validators sign with, and of no more sessions than are kept.
		#[cfg(any(feature = "try-runtime", test))]
		pub fn do_try_state() -> Result<(), sp_runtime::TryRuntimeError> {
			let session = pallet_session::Pallet::<T>::current_index();
			let owners = InForce::<T>::get(session);
			let validators = owners.iter().map(|(who, _)| who);
			ensure!(
				validators.eq(pallet_session::Validators::<T>::get().iter()),
				"validators that are not on record"
			);
			let authors = pallet_babe::Authorities::<T>::get();
			let recorded = owners
				.iter()
				.filter_map(|(_, keys)| keys.get::<AuthorId>(sp_consensus_babe::KEY_TYPE));
			ensure!(
				recorded.eq(authors.iter().map(|(key, _)| key.clone())),
				"keys of authors that are not on record"
			);
			let voters = pallet_grandpa::Authorities::<T>::get();
			let recorded = owners
				.iter()
				.filter_map(|(_, keys)| keys.get::<VoterId>(sp_consensus_grandpa::KEY_TYPE));
			// A change that waits for finality is in force when it is over.
			ensure!(
				pallet_grandpa::PendingChange::<T>::exists()
					|| recorded.eq(voters.iter().map(|(key, _)| key.clone())),
				"keys of voters that are not on record"
			);
			let forgotten = session.checked_sub(T::SessionsKept::get());
			let kept = |of: SessionIndex| of <= session && Some(of) > forgotten;
			ensure!(InForce::<T>::iter_keys().all(kept), "a record that should be forgotten");
			Ok(())
		}
	}

	/// These keys as the runtime's type. What is opaque about them is the type alone: they are encoded
	/// one after another.
	fn same<T: Config, Keys: OpaqueKeys>(keys: &Keys) -> Option<T::Keys> {
		let bytes: Vec<u8> =
			T::Keys::key_ids().iter().flat_map(|id| keys.get_raw(*id)).copied().collect();
		T::Keys::decode(&mut &bytes[..]).ok()
	}

	/// Who of these signs with a key.
	fn owner<T: Config>(owners: &Owners<T>, id: KeyTypeId, key: &[u8]) -> Option<T::AccountId> {
		let found = owners.iter().find(|(_, keys)| keys.get_raw(id) == key)?;
		Some(found.0.clone())
	}

	/// The session of a slot, as `pallet-babe` counts them: epochs in which there was no block were no
	/// sessions.
	fn session_of_slot<T: Config>(slot: Slot) -> SessionIndex {
		let slots = *slot.saturating_sub(pallet_babe::GenesisSlot::<T>::get());
		let epoch = slots.checked_div(T::EpochDuration::get()).unwrap_or_default();
		let gaps = pallet_babe::SkippedEpochs::<T>::get();
		let last_gap = gaps.iter().rev().find(|(after, _)| *after <= epoch);
		let skipped =
			last_gap.map_or(0, |(after, session)| after.saturating_sub(u64::from(*session)));
		epoch.saturating_sub(skipped).saturated_into()
	}

	/// The sessions in which a set of voters was in force.
	fn sessions_of_set<T: Config>(set: SetId) -> Option<RangeInclusive<SessionIndex>> {
		let last_of = pallet_grandpa::SetIdSession::<T>::get;
		let first = match set.checked_sub(1) {
			Some(previous) => last_of(previous)?.saturating_add(1),
			None => 0,
		};
		Some(first..=last_of(set)?)
	}

	impl<T: Config> SessionHandler<T::AccountId> for Pallet<T> {
		const KEY_TYPE_IDS: &'static [KeyTypeId] = T::Users::KEY_TYPE_IDS;

		fn on_genesis_session<Keys: OpaqueKeys>(validators: &[(T::AccountId, Keys)]) {
			Self::record(0, validators);
			T::Users::on_genesis_session(validators);
		}

		/// When this is called, the session that begins is the present one.
		///
		/// If the last of the validators has removed its keys in the middle of an era, `Session` reports
		/// no change, and voters for finality would go on with a set of which it is still one.
		fn on_new_session<Keys: OpaqueKeys>(
			changed: bool,
			validators: &[(T::AccountId, Keys)],
			queued_validators: &[(T::AccountId, Keys)],
		) {
			let session = pallet_session::Pallet::<T>::current_index();
			let differs = Self::record(session, validators);
			T::Users::on_new_session(changed || differs, validators, queued_validators);
		}

		fn on_before_session_ending() {
			T::Users::on_before_session_ending();
		}

		fn on_disabled(validator_index: u32) {
			T::Users::on_disabled(validator_index);
		}
	}

	/// A proof names a session, and the record of that session says the rest.
	impl<T: Config, Key: AsRef<[u8]>> KeyOwnerProofSystem<(KeyTypeId, Key)> for Pallet<T> {
		type Proof = MembershipProof;
		/// The stash, and nothing about it.
		type IdentificationTuple = (T::AccountId, ());

		fn prove((id, key): (KeyTypeId, Key)) -> Option<MembershipProof> {
			let present = pallet_session::Pallet::<T>::current_index();
			Self::find(0..=present, (id, key.as_ref()))
		}

		fn check_proof(
			(id, key): (KeyTypeId, Key),
			proof: MembershipProof,
		) -> Option<Self::IdentificationTuple> {
			let owners = InForce::<T>::get(proof.session);
			let of_this_form = proof.trie_nodes.is_empty()
				&& usize::try_from(proof.validator_count) == Ok(owners.len());
			let owner = owner::<T>(&owners, id, key.as_ref())?;
			of_this_form.then_some((owner, ()))
		}
	}
}
