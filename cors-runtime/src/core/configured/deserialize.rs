//! Reads a configuration from any format that describes itself.
//!
//! By hand, since a derived reader can neither say what an unknown key means, nor take a text for a
//! list where there is only text.

use std::collections::BTreeMap;
use std::fmt;

use cors_rules::{Danger, closest};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor,
};

use super::PolicyConfig;
use crate::core::sources::comma_separated;

const KEYS: &[&str] = &[
    "origins",
    "credentials",
    "allow_headers",
    "expose_headers",
    "max_age",
    "enforce",
    "danger",
];

impl<'de> Deserialize<'de> for PolicyConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct("PolicyConfig", KEYS, Config)
    }
}

struct Config;

impl<'de> Visitor<'de> for Config {
    type Value = PolicyConfig;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a table with the keys `{}`", KEYS.join("`, `"))
    }

    /// A key without a value, as in YAML.
    fn visit_unit<E>(self) -> Result<PolicyConfig, E> {
        Ok(PolicyConfig::default())
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<PolicyConfig, M::Error> {
        let mut config = PolicyConfig::default();
        let mut seen = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            let Some(key) = KEYS.iter().copied().find(|known| *known == key) else {
                return Err(unknown_key(&key));
            };
            if seen.contains(&key) {
                return Err(M::Error::duplicate_field(key));
            }
            seen.push(key);
            match key {
                "origins" => config.origins = map.next_value_seed(Value(key, Texts))?,
                "credentials" => config.credentials = map.next_value_seed(Value(key, Flag))?,
                "allow_headers" => config.allow_headers = map.next_value_seed(Value(key, Texts))?,
                "expose_headers" => {
                    config.expose_headers = map.next_value_seed(Value(key, Texts))?;
                }
                "max_age" => config.max_age = map.next_value_seed(Value(key, Seconds))?,
                "enforce" => config.enforce = map.next_value_seed(Value(key, Flag))?,
                _ => config.danger = map.next_value_seed(Value(key, Dangers))?,
            }
        }
        Ok(config)
    }
}

/// Reads the value of a key.
struct Value<K>(&'static str, K);

/// A kind of value, and the forms in which formats have it. A form that is left out is an error.
trait Kind: Sized {
    type Value: Default;

    const EXPECTED: &str;

    fn of_text(_: &str) -> Option<Self::Value> {
        None
    }

    fn of_bool(_: bool) -> Option<Self::Value> {
        None
    }

    fn of_number(_: u64) -> Option<Self::Value> {
        None
    }

    fn of_list<'de, S: SeqAccess<'de>>(_: S) -> Result<Option<Self::Value>, S::Error> {
        Ok(None)
    }

    fn of_table<'de, M: MapAccess<'de>>(_: M) -> Result<Option<Self::Value>, M::Error> {
        Ok(None)
    }
}

struct Texts;

impl Kind for Texts {
    type Value = Vec<String>;

    const EXPECTED: &str = "a list of strings, or one string with commas between them";

    fn of_text(text: &str) -> Option<Vec<String>> {
        Some(comma_separated(text).map(str::to_owned).collect())
    }

    fn of_list<'de, S: SeqAccess<'de>>(mut list: S) -> Result<Option<Vec<String>>, S::Error> {
        let mut texts = Vec::new();
        while let Some(text) = list.next_element()? {
            texts.push(text);
        }
        Ok(Some(texts))
    }
}

struct Flag;

impl Kind for Flag {
    type Value = bool;

    const EXPECTED: &str = "`true` or `false`";

    fn of_text(text: &str) -> Option<bool> {
        text.trim().parse().ok()
    }

    fn of_bool(value: bool) -> Option<bool> {
        Some(value)
    }
}

struct Seconds;

impl Kind for Seconds {
    type Value = Option<u32>;

    const EXPECTED: &str = "a whole number of seconds up to 86400";

    fn of_text(text: &str) -> Option<Option<u32>> {
        text.trim().parse().ok().map(Some)
    }

    fn of_number(number: u64) -> Option<Option<u32>> {
        u32::try_from(number).ok().map(Some)
    }
}

struct Dangers;

impl Kind for Dangers {
    type Value = BTreeMap<Danger, String>;

    const EXPECTED: &str = "a table of dangers, each with the reason why it is harmless";

    fn of_table<'de, M: MapAccess<'de>>(mut table: M) -> Result<Option<Self::Value>, M::Error> {
        let mut dangers = BTreeMap::new();
        while let Some(key) = table.next_key::<String>()? {
            let danger = Danger::from_key(&key).ok_or_else(|| unknown_danger(&key))?;
            if dangers.insert(danger, table.next_value()?).is_some() {
                return Err(M::Error::duplicate_field(danger.key()));
            }
        }
        Ok(Some(dangers))
    }
}

impl<'de, K: Kind> DeserializeSeed<'de> for Value<K> {
    type Value = K::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<K::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, K: Kind> Visitor<'de> for Value<K> {
    type Value = K::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` to be {}", self.0, K::EXPECTED)
    }

    /// A key without a value, as in YAML, or `null` in JSON.
    fn visit_unit<E>(self) -> Result<K::Value, E> {
        Ok(K::Value::default())
    }

    fn visit_none<E>(self) -> Result<K::Value, E> {
        Ok(K::Value::default())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<K::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<K::Value, E> {
        K::of_text(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<K::Value, E> {
        K::of_bool(value).ok_or_else(|| E::invalid_type(Unexpected::Bool(value), &self))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<K::Value, E> {
        K::of_number(number).ok_or_else(|| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<K::Value, E> {
        (u64::try_from(number).ok())
            .and_then(K::of_number)
            .ok_or_else(|| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_seq<S: SeqAccess<'de>>(self, list: S) -> Result<K::Value, S::Error> {
        K::of_list(list)?.ok_or_else(|| S::Error::invalid_type(Unexpected::Seq, &self))
    }

    fn visit_map<M: MapAccess<'de>>(self, table: M) -> Result<K::Value, M::Error> {
        K::of_table(table)?.ok_or_else(|| M::Error::invalid_type(Unexpected::Map, &self))
    }
}

/// Says which key was most likely meant, or why there is no such key.
fn unknown_key<E: Error>(key: &str) -> E {
    // `allowCredentials`, `Allow-Credentials` and `ALLOW_CREDENTIALS`
    let word: String = key.chars().filter(|c| c.is_alphanumeric()).collect();
    let word = word.to_ascii_lowercase();
    let has = |part: &str| word.contains(part);
    let meant = |meant: &str| format!("did you mean `{meant}`?");
    let help = if word == "none" {
        "to allow no one, leave `origins` empty".to_owned()
    } else if has("method") {
        "remove it: the server allows the methods that it has".to_owned()
    } else if word == "devorigins" {
        "in the configuration for development, list them in `origins`".to_owned()
    } else if word == "configured" {
        "remove it: these are the settings that it would name".to_owned()
    } else if let Some(danger) = Danger::from_key(key) {
        meant(&format!("danger.{}", danger.key()))
    } else if has("credential") {
        meant("credentials")
    } else if has("expose") {
        meant("expose_headers")
    } else if has("header") {
        meant("allow_headers")
    } else if has("origin") {
        meant("origins")
    } else if has("maxage") {
        meant("max_age")
    } else if let Some(key) = closest(key, KEYS) {
        meant(key)
    } else {
        format!("the keys are `{}`", KEYS.join("`, `"))
    };
    E::custom(format_args!("unknown key `{}`: {help}", key.escape_debug()))
}

fn unknown_danger<E: Error>(key: &str) -> E {
    let known = Danger::ALL.map(Danger::key);
    let help = match closest(key, &known) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("the dangers are `{}`", known.join("`, `")),
    };
    E::custom(format_args!(
        "unknown key `{}` of `danger`: {help}",
        key.escape_debug()
    ))
}
