create table facts(name text primary key, value text not null) without rowid;
create table instances(id text primary key, body text not null) without rowid;
create table seen(kind text not null, id text not null, body text not null, seen_at text not null, primary key(kind, id)) without rowid;
create table exchanges(id text primary key, instance_id text not null, sent_at text not null, body text not null) without rowid;
create index exchanges_by_instance on exchanges(instance_id, sent_at);
create table drafts(name text primary key, text text not null) without rowid;
