//! The way in from the executor of the node.

use core::{
	panic::PanicInfo,
	sync::atomic::{AtomicU64, Ordering},
};

/// Where the answer lies: the checksum. Nobody else runs in this memory.
static ANSWER: AtomicU64 = AtomicU64::new(0);

/// A number of a workload and how often to run it, both `u32`, little-endian; the checksum as `u64`.
/// An empty answer if there is none.
///
/// The calling convention is that of the runtime's own functions: the argument's place and length in,
/// the answer's length and place out.
#[allow(unsafe_code, reason = "the name is the interface; nothing else exports it")]
#[unsafe(no_mangle)]
extern "C" fn bench(argument: *const u8, length: usize) -> u64 {
	if length != 8 {
		return 0;
	}
	// SAFETY: the executor has written `length` bytes there before the call.
	#[allow(unsafe_code, reason = "an argument of the executor is a pointer")]
	let bytes = unsafe { argument.cast::<[u8; 8]>().read_unaligned() };
	let word = u64::from_le_bytes(bytes);
	match crate::run(word as u32, (word >> 32) as u32) {
		Some(checksum) => {
			ANSWER.store(checksum, Ordering::Relaxed);
			(8 << 32) | (ANSWER.as_ptr() as usize as u64)
		}
		None => 0,
	}
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
	core::arch::wasm32::unreachable()
}
