//! Conversations a simulated agent had before anybody looked, derived from the seed.

use crate::dice::{dice, pick};
use crate::store::messages::{Conversation, Message};
use crate::store::{Instance, time};
use rand::RngExt;

const CHANNELS: [&str; 4] = ["telegram", "whatsapp", "web_chat", "email"];
const PEOPLE: [&str; 14] = [
    "Mara", "Jonas", "Elif", "Tomasz", "Priya", "Noah", "Ines", "Yuki", "Bram", "Leila", "Oskar", "Chiara",
    "Femi", "Hanne",
];

/// Openings with what may follow, question and answer in turn.
const TALKS: [&[(&str, &str)]; 7] = [
    &[
        (
            "Do you still have a place tomorrow morning?",
            "Yes: 09:30 and 11:00 are free tomorrow. Which one shall I keep for you?",
        ),
        ("09:30 please, for two.", "Kept: tomorrow, 09:30, two people. You will get a reminder at 08:30."),
        ("Thank you!", "You're welcome. See you tomorrow."),
    ],
    &[
        (
            "My invoice 2041 shows the old address.",
            "I have changed the address and made a corrected invoice. It has the same number with the ending `-B`.",
        ),
        (
            "Can you send it as a PDF?",
            "Sent to the address we have on file. It should arrive within a few minutes.",
        ),
    ],
    &[
        (
            "What are your opening hours in the holidays?",
            "| Day | Hours |\n|---|---|\n| 24 December | 09:00 to 13:00 |\n| 25 and 26 December | closed |\n| 27 to 30 December | 10:00 to 16:00 |",
        ),
        ("And on New Year's Eve?", "On 31 December we are open from 09:00 to 12:00."),
    ],
    &[
        (
            "Please remind me on Friday to call the supplier.",
            "I will remind you on Friday at 09:00. Shall I put the supplier's number into the reminder?",
        ),
        ("Yes.", "Done."),
    ],
    &[
        (
            "Where is my order?",
            "It left the warehouse yesterday and should be with you tomorrow before noon.",
        ),
        ("Can it still be redirected?", "Until 18:00 today. To which address shall it go?"),
        (
            "To the shop in Mill Street.",
            "It now goes to Mill Street 4. The collection code will come as a message.",
        ),
    ],
    &[(
        "Summarise what came in overnight.",
        "Three things came in:\n\n1. **A booking** for Saturday, four people\n2. **A question** about vouchers, answered\n3. **A complaint** about a late delivery, which waits for you",
    )],
    &[
        ("Can you translate this into German: Your table is ready.", "\u{201e}Ihr Tisch ist bereit.\u{201c}"),
        (
            "More friendly?",
            "\u{201e}Ihr Tisch ist jetzt f\u{fc}r Sie bereit. Sch\u{f6}n, dass Sie da sind!\u{201c}",
        ),
    ],
];

/// How far back they can be read.
const DAYS: i64 = 30;
const DAY_MS: i64 = 86_400_000;

/// Newest first, each day's thrown for itself: what was there yesterday is there today. Only an instance that came with
/// the fleet has a past; a new one has what was really said.
pub(super) fn past(seed: u64, instance: &Instance, now: i64) -> Vec<Conversation> {
    let Some(ready_at) = instance.ready_at.filter(|_| instance.seeded) else { return Vec::new() };
    let today = now.div_euclid(DAY_MS);
    let mut conversations: Vec<_> =
        (today - DAYS + 1..=today).flat_map(|day| of_day(seed, instance, day)).collect();
    let lived = |message: &Message| (ready_at..=now).contains(&message.created_at.timestamp_millis());
    conversations.retain(|conversation| conversation.messages.iter().all(lived));
    conversations.reverse();
    conversations
}

fn of_day(seed: u64, instance: &Instance, day: i64) -> Vec<Conversation> {
    let mut rng = dice(seed, instance.id.as_bytes(), &format!("conversations {day}"));
    let mut clock = day * DAY_MS;
    (0..rng.random_range(0..=2))
        .map(|_| {
            let channel = pick(&mut rng, &CHANNELS);
            let participant = pick(&mut rng, &PEOPLE).to_owned();
            let talk = TALKS[rng.random_range(0..TALKS.len())];
            clock += rng.random_range(DAY_MS / 4..DAY_MS * 5 / 12);
            let mut messages = Vec::with_capacity(talk.len() * 2);
            for (question, answer) in talk {
                messages.push(message("user", question, clock));
                clock += rng.random_range(1_500..9_000);
                messages.push(message("assistant", answer, clock));
                clock += rng.random_range(8_000..90_000);
            }
            Conversation { id: format!("{channel}:{:08x}", rng.random::<u32>()), participant, messages }
        })
        .collect()
}

fn message(role: &str, content: &str, at: i64) -> Message {
    Message { role: role.to_owned(), content: content.to_owned(), created_at: time(at) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::tests::instance;

    #[test]
    fn what_was_said_yesterday_is_still_there_today() {
        let now = 1_795_000_000_000;
        let old = Instance { seeded: true, ready_at: Some(0), ..instance() };
        let ids = |now| past(7, &old, now).into_iter().map(|talk| talk.id).collect::<Vec<_>>();
        let (before, after) = (ids(now), ids(now + DAY_MS));
        assert!(before.len() > 10);
        let kept = before.iter().filter(|id| after.contains(id)).count();
        assert!(kept + 2 >= before.len(), "only the oldest day may fall out of reach");
    }

    #[test]
    fn a_new_instance_has_no_past() {
        assert!(past(7, &Instance { seeded: false, ..instance() }, 1_795_000_000_000).is_empty());
    }
}
