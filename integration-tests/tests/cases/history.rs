//! Many accounts go through days on which the market fell. All identities hold after every block.

use ballast_integration_tests::{
	calls::{BTC, ETH},
	history::{self, table, Closes, Period, Plan, Report},
};
use std::{env, path::Path, str::FromStr, thread};

/// Unoptimised frames of a whole runtime are large.
const STACK: usize = 32 << 20;

/// Close time of the first row of [`CLOSES`]: 12 March 2020, 04:00 UTC.
const FIRST_CLOSE: u64 = 1_583_985_600;

/// Half-hourly closes of BTC and ETH on 12 March 2020 ("Black Thursday") and in the night after it. Figures
/// read off Binance spot candles (BTCUSDT 30 minutes, ETHUSDT 5 minutes, closes at each half hour),
/// rounded to 1 USD and 0.1 USD.
const CLOSES: [(u32, f64); 48] = [
	(7663, 183.1),
	(7577, 180.2),
	(7624, 181.7),
	(7621, 180.8),
	(7647, 181.8),
	(7547, 175.4),
	(7494, 173.8),
	(7405, 171.2),
	(7392, 171.6),
	(7414, 170.7),
	(7378, 169.5),
	(7381, 169.3),
	(7354, 168.0),
	(7215, 163.2),
	(6015, 132.9),
	(6192, 139.9),
	(6067, 136.6),
	(6094, 139.6),
	(6028, 137.0),
	(5999, 134.0),
	(5994, 135.0),
	(6012, 138.0),
	(6094, 139.7),
	(6057, 138.8),
	(6132, 141.1),
	(6033, 137.1),
	(6089, 139.3),
	(6143, 142.8),
	(6115, 142.0),
	(6132, 141.8),
	(5986, 137.2),
	(6064, 138.0),
	(6037, 138.4),
	(5836, 132.8),
	(5743, 128.8),
	(5603, 126.6),
	(5820, 131.0),
	(5820, 129.6),
	(5803, 127.3),
	(5100, 112.5),
	(4800, 107.8),
	(4792, 108.2),
	(4655, 106.9),
	(4632, 107.2),
	(4131, 96.6),
	(4231, 96.0),
	(4849, 111.1),
	(5369, 131.9),
];

/// Goes through periods, each in a thread of its own.
fn go_through(periods: Vec<Period>, plan: Plan) -> Vec<Report> {
	let start = |period: Period| {
		let thread = thread::Builder::new().stack_size(STACK);
		thread.spawn(move || history::run(&period, plan)).expect("a thread")
	};
	let threads: Vec<_> = periods.into_iter().map(start).collect();
	let reports = threads.into_iter().map(|thread| thread.join().expect("nothing panics"));
	reports.map(|report| report.unwrap_or_else(|broken| panic!("{broken}"))).collect()
}

#[test]
fn black_thursday_with_few_accounts() {
	let closes =
		|id, closes: Vec<f64>| Closes { id, closes: closes.into_iter().map(Some).collect() };
	let period = Period {
		name: "12 March 2020".into(),
		begins: FIRST_CLOSE,
		markets: vec![
			closes(BTC, CLOSES.iter().map(|(btc, _)| f64::from(*btc)).collect()),
			closes(ETH, CLOSES.iter().map(|(_, eth)| *eth).collect()),
		],
	};
	let plan = Plan {
		accounts: 40,
		series: 30,
		expiries: &[0, 1, 7],
		calls: 4,
		attention: 1_000,
		blocks: usize::MAX,
		seed: 1,
	};
	let reports = go_through(vec![period], plan);
	println!("{}\n{}", table(&reports), reports[0]);
	let report = &reports[0];
	assert_eq!(report.blocks, 47);
	let least = [
		("trades", 60),
		("offers accepted", 25),
		("auctions started", 5),
		("auctions ended", 5),
		("bids", 4),
		("exercises", 1),
		("positions settled", 10),
	];
	for (name, least) in least {
		let count = report.happened(name);
		assert!(count >= least, "{name}: {count}, expected at least {least}\n{report}");
	}
	let (sent, succeeded) = report.calls();
	assert!(succeeded * 3 >= sent, "{succeeded} of {sent} calls succeeded\n{report}");
}

/// A number from the environment, or this one.
fn number<T: FromStr>(name: &str, otherwise: T) -> T {
	let value = env::var(name).ok();
	let parse = |text: String| text.parse().unwrap_or_else(|_| panic!("{name} is a number"));
	value.map_or(otherwise, parse)
}

/// `scripts/bench history` runs it and says what can be set.
#[test]
#[ignore = "minutes, and candles that are not in this repository"]
fn real_days_with_many_accounts() {
	let folder = env::var("BALLAST_HISTORY").expect("BALLAST_HISTORY names a folder of candles");
	let folder = [Path::new(&folder).join("stress"), folder.into()];
	let folder = folder.into_iter().find(|folder| folder.is_dir()).expect("a folder");
	let days = env::var("BALLAST_HISTORY_DAYS").unwrap_or("2020-03,2021-05,2022-06".into());
	let plan = Plan {
		accounts: number("BALLAST_HISTORY_ACCOUNTS", 1_000),
		series: number("BALLAST_HISTORY_SERIES", 200),
		expiries: &[0, 1, 2, 7, 14, 30],
		calls: number("BALLAST_HISTORY_CALLS", 8),
		attention: number("BALLAST_HISTORY_ATTENTION", 1_000),
		blocks: number("BALLAST_HISTORY_BLOCKS", usize::MAX),
		seed: number("BALLAST_HISTORY_SEED", 1),
	};
	let read = |name: &str| Period::read(&folder, name).unwrap_or_else(|error| panic!("{error}"));
	let reports = go_through(days.split(',').map(read).collect(), plan);
	for report in &reports {
		println!("{report}");
	}
	println!("{plan:?}\n\n{}", table(&reports));
}
