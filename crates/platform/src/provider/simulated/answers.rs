//! What a simulated agent replies: honest about what it is, and useful about its own instance. Markdown, so that a screen
//! has something to draw.

use super::super::{Day, Situation};
use crate::money::decimal;
use crate::store::time;
use serde_json::Value;

/// Words and phrases of a question, and what answers them.
type Topic = (&'static [&'static str], fn(&Situation) -> String);

/// The first topic that is mentioned wins.
const TOPICS: [Topic; 11] = [
    (&["help", "what can you", "command"], help),
    (&["table"], table),
    (&["code", "script", "function", "program"], code),
    (&["long answer", "long text", "long reply", "something long", "essay", "story", "stories"], long),
    (&["markdown", "formatting"], markdown),
    (&["usage", "cost", "spend", "spent", "token", "money", "request", "expensive"], usage),
    (&["config", "configuration", "model", "setting", "channel"], config),
    (&["skill", "tool"], skills),
    (&["log", "line", "happened", "provisioning"], logs),
    (
        &[
            "status",
            "health",
            "healthy",
            "uptime",
            "alive",
            "heartbeat",
            "version",
            "how are you",
            "how long",
        ],
        status,
    ),
    (&["who are you", "what are you", "your name"], introduction),
];

/// Whether a question has a word, in one number or the other, or a phrase.
fn mentions(question: &str, topic: &str) -> bool {
    if topic.contains(' ') {
        return question.contains(topic);
    }
    let mut words = question.split(|c: char| !c.is_alphanumeric());
    words.any(|word| word == topic || word.strip_suffix('s') == Some(topic))
}

pub(super) fn reply(question: &str, situation: &Situation) -> String {
    let asked = question.to_lowercase();
    let topic = TOPICS.iter().find(|(words, _)| words.iter().any(|word| mentions(&asked, word)));
    let body = match topic {
        Some((_, answer)) => answer(situation),
        None => format!(
            "You wrote {} characters. I have no language model behind me, so I can not answer that, but I can tell you \
             about this instance. Ask for **status**, **usage**, **config**, **skills** or **logs**, or say **help**.",
            question.chars().count()
        ),
    };
    format!("*{} here, a simulated agent.*\n\n{body}", situation.instance.name())
}

fn help(_: &Situation) -> String {
    "I answer questions about this instance from its own records:\n\n\
     - **status**: health, heartbeat, uptime, versions\n\
     - **usage**: requests, tokens and cost of the last seven days\n\
     - **config**: models and channels\n\
     - **skills**: what is loaded\n\
     - **logs**: the newest lines\n\n\
     To see how replies are drawn, ask for a **table**, some **code**, a **long answer** or **markdown**."
        .to_owned()
}

fn introduction(situation: &Situation) -> String {
    let instance = &situation.instance;
    format!(
        "I stand in for a real agent on this computer. My instance is `{}` in `{}`, of type `{}`, made from the preset \
         `{}`. Nothing I say comes from a language model.",
        instance.hostname.as_deref().unwrap_or("-"),
        instance.region_id,
        instance.runtime_type,
        instance.preset_id
    )
}

fn status(situation: &Situation) -> String {
    let vitals = &situation.vitals;
    let beat = vitals.last_heartbeat.map_or(0, |beat| (situation.now - beat.timestamp_millis()) / 1_000);
    let mut text = format!(
        "I am **{}**. My last heartbeat was {} ago, and I have been up for {}.\n\n\
         - Connections: {}\n- Agent: {}\n- Node: {}\n- Skills loaded: {}",
        vitals.health.unwrap_or("not known"),
        span(beat),
        span(vitals.uptime_seconds.unwrap_or_default()),
        vitals.connections.unwrap_or_default(),
        vitals.agent_version.as_deref().unwrap_or("not known"),
        vitals.node_version.as_deref().unwrap_or("not known"),
        vitals.skills.len()
    );
    if let Some((code, message)) = &vitals.error {
        text.push_str(&format!("\n\n> **{code}**: {message}"));
    }
    text
}

fn usage(situation: &Situation) -> String {
    let mut text =
        "The last seven days, UTC:\n\n| Day | Requests | Tokens | Cost (USD) |\n|---|---:|---:|---:|\n"
            .to_owned();
    let sum = |of: fn(&Day) -> i64| situation.week.iter().map(of).sum::<i64>();
    for day in &situation.week {
        let date = time(day.number * 86_400_000).format("%a %d %b");
        text.push_str(&format!(
            "| {date} | {} | {} | {} |\n",
            day.requests,
            day.tokens,
            decimal(day.micro_dollars)
        ));
    }
    text.push_str(&format!(
        "\nThat is **{} requests** and **{} tokens** for **${}**. Today is not over yet.",
        sum(|day| day.requests),
        sum(|day| day.tokens),
        decimal(sum(|day| day.micro_dollars))
    ));
    text
}

fn config(situation: &Situation) -> String {
    let at = |path: &str| match situation.config.pointer(path) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => "not set".to_owned(),
    };
    let channels = situation.config.get("channels").and_then(Value::as_object);
    let on: Vec<&str> = channels
        .into_iter()
        .flatten()
        .filter(|(_, channel)| channel.get("enabled") == Some(&Value::Bool(true)))
        .map(|(name, _)| name.as_str())
        .collect();
    format!(
        "My configuration has {} sections. The ones most asked for:\n\n\
         - Primary model: `{}`\n- Fallbacks: `{}`\n- Session idle time: {} minutes\n- Channels that are on: {}\n\n\
         Secrets stay masked, for me as well.",
        situation.config.as_object().map_or(0, serde_json::Map::len),
        at("/agents/defaults/model/primary"),
        at("/agents/defaults/model/fallbacks"),
        at("/session/idleMinutes"),
        if on.is_empty() { "none".to_owned() } else { on.join(", ") }
    )
}

fn skills(situation: &Situation) -> String {
    let list: Vec<String> = situation.vitals.skills.iter().map(|skill| format!("- `{skill}`")).collect();
    format!("{} skills are loaded:\n\n{}", list.len(), list.join("\n"))
}

fn logs(situation: &Situation) -> String {
    let newest = situation.lines.iter().rev().take(8).rev();
    let lines: Vec<String> = newest
        .map(|line| {
            let at = line.created_at.map(|at| at.format("%H:%M:%S").to_string()).unwrap_or_default();
            let word = |text: &Option<String>| text.clone().unwrap_or_default();
            format!("{at}  {:<7}  {:<18} {}", word(&line.level), word(&line.stage), word(&line.message))
        })
        .collect();
    format!("The newest lines of my log:\n\n```text\n{}\n```", lines.join("\n"))
}

fn table(situation: &Situation) -> String {
    let instance = &situation.instance;
    let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let rows = [
        ("Host", or_dash(&instance.hostname)),
        ("Region", instance.region_id.clone()),
        ("Runtime", instance.runtime_type.clone()),
        ("Tier", or_dash(&instance.tier_name)),
        ("Address", or_dash(&instance.ip_address)),
        ("Made", time(instance.created_at).format("%Y-%m-%d").to_string()),
    ];
    let rows: Vec<String> = rows.iter().map(|(what, value)| format!("| {what} | `{value}` |")).collect();
    format!("What the platform knows of me:\n\n| What | Value |\n|---|---|\n{}", rows.join("\n"))
}

fn code(situation: &Situation) -> String {
    format!(
        "This asks for my status every ten seconds:\n\n```python\nimport os, time, urllib.request\n\n\
         INSTANCE = \"{}\"\n\n\ndef look(base, key):\n    request = urllib.request.Request(\n        \
         f\"{{base}}/v1/instances/{{INSTANCE}}/runtime\",\n        headers={{\"X-Api-Key\": key}},\n    )\n    \
         with urllib.request.urlopen(request, timeout=10) as answer:\n        return answer.read().decode()\n\n\n\
         while True:\n    print(look(os.environ[\"BASE_URL\"], os.environ[\"API_KEY\"]))\n    time.sleep(10)\n```\n\n\
         Call it with `BASE_URL` and `API_KEY` in the environment.",
        situation.instance.id
    )
}

fn long(situation: &Situation) -> String {
    let name = situation.instance.name();
    let region = &situation.instance.region_id;
    let parts = [
        (
            "How a day begins",
            "At four in the morning sessions are closed and memory is tidied. Whatever was promised to \
          people stays on a list, so that the first question of the day does not start from nothing. By eight the morning \
          summary goes out, short enough to be read on the way to work.",
        ),
        (
            "How a question travels",
            "A message comes in through a channel, waits a second in case more follows, and is put \
          into the session of its sender. The model sees the last turns, the notes that fit, and the tools it may use. Its \
          reply goes back piece by piece, and each piece is kept before it is sent.",
        ),
        (
            "What happens when something breaks",
            "A channel that does not answer is asked again, later each time. The health \
          turns to degraded, and the platform says so. Nothing is thrown away: what could not be delivered waits, with its \
          time, until it can be.",
        ),
        (
            "What it costs",
            "Every request is counted with its tokens on the day it was made. A day that is not over is marked \
          so, and the sum of the days is exactly the total, down to a millionth of a dollar.",
        ),
        (
            "How it ends",
            "An instance that is deleted is first marked, then torn down. Its name and addresses become free, and \
          a record of how it was made stays behind.",
        ),
    ];
    let body: Vec<String> = parts.iter().map(|(title, text)| format!("### {title}\n\n{text}")).collect();
    format!("## A day in the life of {name} in {region}\n\n{}", body.join("\n\n"))
}

fn markdown(_: &Situation) -> String {
    "## A heading\n\nA paragraph with **bold**, *italic*, `code`, ~~struck~~ and a [link](https://example.com).\n\n\
     1. First\n2. Second\n   - nested\n   - twice\n3. Third\n\n> A quote\n> over two lines\n\n\
     - [x] done\n- [ ] to do\n\n| Left | Right |\n|:---|---:|\n| a | 1 |\n| b | 22 |\n\n\
     ```json\n{ \"answer\": 42, \"list\": [1, 2, 3] }\n```\n\n---\n\nThat was most of it."
        .to_owned()
}

/// A readable length of time.
fn span(seconds: i64) -> String {
    match seconds {
        s if s < 120 => format!("{s} s"),
        s if s < 7_200 => format!("{} min", s / 60),
        s if s < 172_800 => format!("{} h {} min", s / 3_600, s % 3_600 / 60),
        s => format!("{} d {} h", s / 86_400, s % 86_400 / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::tests::instance;
    use crate::provider::Vitals;

    fn situation() -> Situation {
        let vitals = Vitals {
            health: Some("degraded"),
            failures: 1,
            error: Some(("disk_high".into(), "The volume is 94 % full".into())),
            troubled_since: Some(0),
            last_heartbeat: Some(time(0)),
            uptime_seconds: Some(273_600),
            connections: Some(2),
            agent_version: Some("2026.9.6".into()),
            node_version: None,
            skills: vec!["notes".into(), "maps".into()],
        };
        let day = Day { number: 20_780, requests: 3, tokens: 900, micro_dollars: 1_500_001, people: 2 };
        let config =
            serde_json::json!({"agents": {"defaults": {"model": {"primary": "platform/sonnet-large"}}}});
        Situation { instance: instance(), vitals, week: vec![day; 7], config, lines: Vec::new(), now: 4_000 }
    }

    #[test]
    fn every_reply_says_that_it_is_simulated() {
        for question in ["help", "hi", "", "show a table", "\u{202e}", "write a long answer"] {
            assert!(reply(question, &situation()).contains("simulated agent"), "{question}");
        }
    }

    #[test]
    fn questions_about_the_instance_are_answered_from_its_records() {
        for (question, expected) in [
            ("What is your health?", "**degraded**"),
            ("uptime please", "3 d 4 h"),
            ("What did you cost this week?", "$10.500007"),
            ("Which model do you use?", "`platform/sonnet-large`"),
            ("list your skills", "`maps`"),
            ("Write me some code", "```python"),
            ("How long have you been up?", "3 d 4 h"),
            ("Any information about your settings?", "`platform/sonnet-large`"),
            ("Please write a long answer", "## A day in the life"),
        ] {
            let reply = reply(question, &situation());
            assert!(reply.contains(expected), "{question}: {reply}");
        }
    }
}
