//! Reads a configuration from any format that describes itself.
//!
//! By hand, since a derived reader can neither say what an unknown key means, nor take a text for a
//! list where there is only text.

use std::collections::BTreeMap;
use std::fmt;

use cors_rules::{Danger, closest, is_negated};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor,
};

use super::config::PolicyConfig;
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
            let setting = match key {
                "origins" => Setting::Texts(&mut config.origins),
                "credentials" => Setting::Flag(&mut config.credentials),
                "allow_headers" => Setting::Texts(&mut config.allow_headers),
                "expose_headers" => Setting::Texts(&mut config.expose_headers),
                "max_age" => Setting::Seconds(&mut config.max_age),
                "enforce" => Setting::Flag(&mut config.enforce),
                _ => Setting::Dangers(&mut config.danger),
            };
            map.next_value_seed(Value { key, setting })?;
        }
        Ok(config)
    }
}

/// Reads the value of a key, in any of the forms in which formats have it.
struct Value<'c> {
    key: &'static str,
    setting: Setting<'c>,
}

/// The place of a value in the configuration, which has its default.
enum Setting<'c> {
    Texts(&'c mut Vec<String>),
    Flag(&'c mut bool),
    Seconds(&'c mut Option<u32>),
    Dangers(&'c mut BTreeMap<Danger, String>),
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = match self.setting {
            Setting::Texts(_) => "a list of strings, or one string with commas between them",
            Setting::Flag(_) => "`true` or `false`",
            Setting::Seconds(_) => "a whole number of seconds up to 86400",
            Setting::Dangers(_) => "a table of dangers, each with the reason why it is harmless",
        };
        write!(f, "`{}` to be {expected}", self.key)
    }

    /// A key without a value, as in YAML, or `null` in JSON.
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_none<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_str<E: Error>(mut self, text: &str) -> Result<(), E> {
        let trimmed = text.trim();
        let is_read = match &mut self.setting {
            Setting::Texts(texts) => {
                texts.extend(comma_separated(text).map(str::to_owned));
                true
            }
            Setting::Flag(flag) => trimmed.parse().map(|it| **flag = it).is_ok(),
            Setting::Seconds(seconds) => trimmed.parse().map(|it| **seconds = Some(it)).is_ok(),
            Setting::Dangers(_) => false,
        };
        if is_read {
            Ok(())
        } else {
            Err(E::invalid_value(Unexpected::Str(text), &self))
        }
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        let Setting::Flag(flag) = self.setting else {
            return Err(E::invalid_type(Unexpected::Bool(value), &self));
        };
        *flag = value;
        Ok(())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        if let Ok(number) = u32::try_from(number)
            && let Setting::Seconds(seconds) = self.setting
        {
            *seconds = Some(number);
            return Ok(());
        }
        Err(E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        match u64::try_from(number) {
            Ok(number) => self.visit_u64(number),
            Err(_) => Err(E::invalid_value(Unexpected::Signed(number), &self)),
        }
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<(), S::Error> {
        let Setting::Texts(texts) = self.setting else {
            return Err(S::Error::invalid_type(Unexpected::Seq, &self));
        };
        while let Some(text) = list.next_element()? {
            texts.push(text);
        }
        Ok(())
    }

    fn visit_map<M: MapAccess<'de>>(self, mut table: M) -> Result<(), M::Error> {
        let Setting::Dangers(dangers) = self.setting else {
            return Err(M::Error::invalid_type(Unexpected::Map, &self));
        };
        while let Some(key) = table.next_key::<String>()? {
            let danger = Danger::from_key(&key).ok_or_else(|| unknown_danger(&key))?;
            if dangers.insert(danger, table.next_value()?).is_some() {
                return Err(M::Error::duplicate_field(danger.key()));
            }
        }
        Ok(())
    }
}

/// Says which key was most likely meant, or why there is no such key.
fn unknown_key<E: Error>(key: &str) -> E {
    const PARTS: [(&str, &str); 5] = [
        ("credential", "credentials"),
        ("expose", "expose_headers"),
        ("header", "allow_headers"),
        ("origin", "origins"),
        ("maxage", "max_age"),
    ];
    // `allowCredentials`, `Allow-Credentials` and `ALLOW_CREDENTIALS`
    let word: String = key.chars().filter(|c| c.is_alphanumeric()).collect();
    let word = word.to_ascii_lowercase();
    let has = |part: &str| word.contains(part);
    // Where a format has no tables, `danger_insecure_origins`.
    let bare = key.strip_prefix("danger").unwrap_or(key);
    let bare = bare.trim_start_matches(['.', '_', '-']);
    let meant = |meant: &str| format!("did you mean `{meant}`?");
    let help = if word == "none" {
        "to allow no one, leave `origins` empty".to_owned()
    } else if has("method") {
        "remove it: the server allows the methods that it has".to_owned()
    } else if word == "devorigins" {
        "in the configuration for development, list them in `origins`".to_owned()
    } else if word == "configured" {
        "remove it: these are the settings that it would name".to_owned()
    } else if let Some(danger) = Danger::from_key(bare) {
        meant(&format!("danger.{}", danger.key()))
    } else {
        let is_negated = is_negated(&key.to_ascii_lowercase().replace('-', "_"));
        let part = PARTS.iter().find(|(part, _)| has(part) && !is_negated);
        match part.map(|(_, key)| *key).or_else(|| closest(key, KEYS)) {
            Some(key) => meant(key),
            None => format!("the keys are `{}`", KEYS.join("`, `")),
        }
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
