use unicode_normalization::UnicodeNormalization as _;

/// The most characters of a word that count.
const LONGEST: usize = 64;

/// Text in the form in which it is found and made into slugs: lower case, Latin letters without their marks.
pub(crate) fn folded(text: &str) -> String {
    let plain: String = text
        .nfkd()
        .filter(|letter| !matches!(letter, '\u{300}'..='\u{36f}' | '\'' | '\u{2019}'))
        .flat_map(char::to_lowercase)
        .filter(|letter| !matches!(letter, '\u{300}'..='\u{36f}'))
        .nfc()
        .collect();
    let mut folded = String::with_capacity(plain.len());
    for letter in plain.chars() {
        match spelled_out(letter) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(letter),
        }
    }
    folded
}

/// The folded words of a text, in its order.
pub(crate) fn words(text: &str) -> Vec<String> {
    folded(text)
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(LONGEST).collect())
        .collect()
}

/// What a reader sees of HTML.
pub(crate) fn without_markup(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find(['<', '&']) {
        text.push_str(&rest[..start]);
        text.push(' ');
        rest = &rest[start..];
        let end = if rest.starts_with('<') { rest.find('>') } else { end_of_entity(rest) };
        rest = &rest[end.map_or(1, |end| end + 1)..];
    }
    text.push_str(rest);
    text
}

fn end_of_entity(text: &str) -> Option<usize> {
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    text[1..end].bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#').then_some(end)
}

/// Letters that have no mark to be taken off.
fn spelled_out(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ł' => "l",
        'ħ' => "h",
        'ı' => "i",
        'ŋ' => "n",
        'ŧ' => "t",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_case_and_ligatures_do_not_matter() {
        assert_eq!(
            words("Crème BRÛLÉE, Straße; Łódź – smørrebrød ﬁne"),
            ["creme", "brulee", "strasse", "lodz", "smorrebrod", "fine"]
        );
        assert_eq!(words("women's women’s"), ["womens", "womens"]);
        assert_eq!(words("が 한글"), ["が", "한글"]);
    }

    #[test]
    fn markup_is_not_read() {
        assert_eq!(
            words(&without_markup("<p class=\"x\">Fast&nbsp;&amp; <b>light</b> 3 < 4 & 5;")),
            ["fast", "light", "3", "4", "5"]
        );
        assert_eq!(words(&without_markup("salt & pepper")), ["salt", "pepper"]);
    }
}
