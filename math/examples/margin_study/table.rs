//! Tables in Markdown.

/// Head: text columns, then number columns.
pub fn header<'a>(text: &[&str], numbers: impl Iterator<Item = &'a str>) {
	let mut rule = "|".to_string() + &"---|".repeat(text.len());
	print!("| {} |", text.join(" | "));
	for name in numbers {
		print!(" {name} |");
		rule.push_str("---:|");
	}
	println!("\n{rule}");
}
