//! Tables of Parquet in `scanno batch` and `scanno check`, on the real binary.
#![cfg(feature = "parquet")]

mod common;

use std::fs::File;
use std::sync::Arc;

use common::{CLEAN, DIRTY, Folder};
use parquet::basic::{BrotliLevel, Compression, Encoding, GzipLevel, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder, WriterVersion};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::record::{Field, Row};
use parquet::schema::parser::parse_message_type;
use serde_json::{Value, json};

const SCHEMA: &str = "message pages {
    required int64 id;
    optional group tags (LIST) { repeated group list { optional binary element (STRING); } }
    optional binary text (STRING);
    optional group page { optional int32 number; required boolean odd; }
    optional double score;
}";

/// French that no one takes for English.
const FOREIGN: &str = "Le gouvernement a décidé que les habitants de la ville devaient quitter leurs maisons avant la \
                       nuit, et personne ne savait encore ce que deviendraient les vieillards et les enfants.";

fn plain() -> WriterPropertiesBuilder {
    WriterProperties::builder()
        .set_key_value_metadata(Some(vec![KeyValue::new("origin".into(), "test".to_owned())]))
        .set_compression(Compression::SNAPPY)
        .set_column_compression("text".into(), Compression::ZSTD(ZstdLevel::default()))
        .set_created_by("a test".into())
}

/// A table with nested columns and nulls; each of `groups` is a row group of texts.
fn table(groups: &[&[Option<&str>]], properties: WriterPropertiesBuilder) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties.build())).unwrap();
    for &texts in groups {
        let rows = texts.len();
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let ids: Vec<i64> = (0..rows as i64).collect();
        column.typed::<Int64Type>().write_batch(&ids, None, None).unwrap();
        column.close().unwrap();
        // Rows take turns: two tags, one of them null; no tags; null.
        let mut column = group.next_column().unwrap().unwrap();
        let (mut levels, mut lists, mut tags) = (Vec::new(), Vec::new(), Vec::new());
        for row in 0..rows {
            let (level, list): (&[i16], &[i16]) = [(&[3, 2][..], &[0, 1][..]), (&[1], &[0]), (&[0], &[0])][row % 3];
            levels.extend_from_slice(level);
            lists.extend_from_slice(list);
            tags.extend((row % 3 == 0).then(|| ByteArray::from(format!("tbe tag {row}").into_bytes())));
        }
        column.typed::<ByteArrayType>().write_batch(&tags, Some(&levels), Some(&lists)).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let levels: Vec<i16> = texts.iter().map(|text| i16::from(text.is_some())).collect();
        let values: Vec<ByteArray> = texts.iter().flatten().map(|text| ByteArray::from(*text)).collect();
        column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let levels: Vec<i16> = (0..rows).map(|row| (row % 3) as i16).collect();
        let numbers: Vec<i32> = (0..rows as i32).filter(|row| row % 3 == 2).collect();
        column.typed::<Int32Type>().write_batch(&numbers, Some(&levels), None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let levels: Vec<i16> = levels.iter().map(|level| (*level).min(1)).collect();
        let odd: Vec<bool> = levels.iter().filter(|level| **level == 1).map(|_| true).collect();
        column.typed::<BoolType>().write_batch(&odd, Some(&levels), None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let levels: Vec<i16> = (0..rows).map(|row| i16::from(row % 2 == 0)).collect();
        let scores: Vec<f64> = (0..rows).filter(|row| row % 2 == 0).map(|row| row as f64 / 8.0).collect();
        column.typed::<DoubleType>().write_batch(&scores, Some(&levels), None).unwrap();
        column.close().unwrap();
        group.close().unwrap();
    }
    writer.into_inner().unwrap()
}

/// A table of strings in the column `name`.
fn strings(name: &str, texts: &[&str]) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(&format!("message m {{ required binary {name} (UTF8); }}")).unwrap());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let values: Vec<ByteArray> = texts.iter().map(|text| ByteArray::from(*text)).collect();
    column.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.into_inner().unwrap()
}

fn reader(folder: &Folder, name: &str) -> SerializedFileReader<File> {
    SerializedFileReader::new(File::open(folder.path(name)).unwrap()).unwrap()
}

fn rows(folder: &Folder, name: &str) -> Vec<Row> {
    reader(folder, name).get_row_iter(None).unwrap().map(Result::unwrap).collect()
}

/// A row's values but for the text and what is said of it.
fn others(row: &Row) -> Vec<(String, Field)> {
    let fields = row.get_column_iter().filter(|(name, _)| !["text", "scanno"].contains(&name.as_str()));
    fields.map(|(name, field)| (name.clone(), field.clone())).collect()
}

fn field<'r>(row: &'r Row, name: &str) -> &'r Field {
    row.get_column_iter().find(|(column, _)| *column == name).unwrap().1
}

fn text(row: &Row, name: &str) -> String {
    if let Field::Str(text) = field(row, name) { text.clone() } else { panic!("{:?}", field(row, name)) }
}

fn note(row: &Row) -> Value {
    serde_json::from_str(&text(row, "scanno")).unwrap()
}

#[test]
fn texts_are_cleaned_and_all_else_stays() {
    let folder = Folder::new();
    let groups: [&[Option<&str>]; 3] =
        [&[Some(DIRTY), None, Some(CLEAN), Some(FOREIGN)], &[Some(""), Some(DIRTY)], &[None]];
    folder.write("in/a.parquet", table(&groups, plain()));
    let run = folder.run("batch in -o out --log logs");
    assert!(run.is_done().stderr.contains("7 records"), "{}", run.stderr);
    assert!(run.stderr.contains("2 with null, passed through"), "{}", run.stderr);
    assert_eq!(folder.files("out"), [".scanno-batch.jsonl", "a.parquet"]);
    let (before, after) = (rows(&folder, "in/a.parquet"), rows(&folder, "out/a.parquet"));
    assert_eq!(after.iter().map(others).collect::<Vec<_>>(), before.iter().map(others).collect::<Vec<_>>());
    assert!(text(&after[0], "text").starts_with("He opened the door"));
    assert_eq!(text(&after[2], "text"), CLEAN);
    assert_eq!(
        (text(&after[3], "text"), note(&after[3])),
        (FOREIGN.into(), json!({"schema": 1, "skipped": "not-english"}))
    );
    assert_eq!((field(&after[1], "text"), note(&after[1])), (&Field::Null, json!({"schema": 1, "skipped": "null"})));
    let first = note(&after[0]);
    assert_eq!(first["original"], DIRTY);
    assert!(first["changes"]["substitution"]["applied"].as_u64() > Some(0), "{first}");
    assert_eq!(first["log"][0]["type"], "change");
    assert!(note(&after[2]).get("original").is_none());

    let (before, after) = (reader(&folder, "in/a.parquet"), reader(&folder, "out/a.parquet"));
    let (before, after) = (before.metadata(), after.metadata());
    let sizes = |m: &parquet::file::metadata::ParquetMetaData| -> Vec<i64> {
        m.row_groups().iter().map(|group| group.num_rows()).collect()
    };
    assert_eq!(sizes(after), sizes(before));
    assert_eq!(after.file_metadata().key_value_metadata(), before.file_metadata().key_value_metadata());
    assert_eq!(after.file_metadata().created_by(), Some("a test"));
    let fields = after.file_metadata().schema().get_fields();
    assert_eq!(fields[..fields.len() - 1], *before.file_metadata().schema().get_fields());
    for (old, new) in before.row_groups().iter().zip(after.row_groups()) {
        for (old, new) in old.columns().iter().zip(new.columns()) {
            assert_eq!(old.compression_codec(), new.compression_codec());
            if old.column_path().string() != "text" {
                assert_eq!((old.statistics(), old.num_values()), (new.statistics(), new.num_values()));
            }
        }
        let last = new.columns().last().unwrap();
        assert_eq!(
            (last.column_path().string(), last.compression()),
            ("scanno".into(), Compression::ZSTD(ZstdLevel::default()))
        );
    }
}

#[test]
fn the_original_can_be_left_out_and_a_table_is_cleaned_once() {
    let folder = Folder::new();
    folder.write("a.parquet", strings("body", &[DIRTY, CLEAN]));
    folder.run("batch a.parquet -o out --column body --no-original").is_done();
    assert!(note(&rows(&folder, "out/a.parquet")[0]).get("original").is_none());
    let again = folder.run("batch out/a.parquet -o again --field body");
    assert!(again.is_done().stderr.contains("2 cleaned before, passed through"), "{}", again.stderr);
    assert!(folder.read("again/a.parquet") == folder.read("out/a.parquet"));
}

#[test]
fn a_long_row_group_in_blocks_is_the_same_on_any_number_of_threads() {
    let folder = Folder::new();
    // Blank lines cost nothing, and fill blocks.
    let page = DIRTY.to_owned() + &"\n".repeat(60_000);
    let texts: Vec<Option<&str>> = (0..100).map(|row| (row % 7 != 3).then_some(&*page)).collect();
    folder.write("in/a.parquet", table(&[&texts, &texts[..3]], plain().set_dictionary_enabled(false)));
    folder.write("in/b.parquet", table(&[&texts[..20]], plain()));
    folder.run("batch in -o one --level cautious -j 1").is_done();
    folder.run("batch in -o many --level cautious -j 8").is_done();
    for name in ["a.parquet", "b.parquet"] {
        assert!(folder.read(&format!("one/{name}")) == folder.read(&format!("many/{name}")), "{name}");
    }
    let written = rows(&folder, "one/a.parquet");
    assert_eq!(written.len(), 103);
    let cleaned = text(&written[0], "text");
    assert!(!cleaned.contains("tbe"));
    for (number, row) in written.iter().enumerate() {
        match number % 100 % 7 {
            3 => assert_eq!(field(row, "text"), &Field::Null),
            _ => assert!(text(row, "text") == cleaned, "{number}"),
        }
    }
    let resumed = folder.run("batch in -o one --level cautious --resume");
    assert!(resumed.is_done().stderr.contains("2 done before"), "{}", resumed.stderr);
    folder.write("one/b.parquet", "half");
    let resumed = folder.run("batch in -o one --level cautious --resume");
    assert!(resumed.is_done().stderr.contains("1 file cleaned"), "{}", resumed.stderr);
    assert!(folder.read("one/b.parquet") == folder.read("many/b.parquet"));
}

#[test]
fn rows_of_a_work_share_evidence() {
    let folder = Folder::new();
    let name = "They asked Zorvath again. ".repeat(3);
    let texts = [&*name, &*name, "Then Zorvalh went home, and Zorvath was glad."].map(Some);
    folder.write("in/a.parquet", table(&[&texts], plain()));
    for work in ["file", "folder", "id", "page", "tags", "missing"] {
        folder.run(&format!("batch in -o {work} --work {work}")).is_done();
    }
    assert!(folder.read("file/a.parquet") == folder.read("folder/a.parquet"));
    // Each row has its own id: no two are of one work.
    assert!(rows(&folder, "id/a.parquet") == rows(&folder, "missing/a.parquet"));
}

#[test]
fn what_is_no_table_of_texts_is_one_line_each_and_the_rest_is_done() {
    let folder = Folder::new();
    let good = table(&[&[Some(DIRTY)]], plain());
    folder.write("in/good.parquet", &good);
    folder.write("in/cut.parquet", &good[..good.len() - 20]);
    folder.write("in/empty.parquet", "");
    folder.write("in/other.parquet", strings("body", &[DIRTY]));
    folder.write("in/text.parquet", DIRTY);
    folder.write("in/z.txt", CLEAN);
    let run = folder.run("batch in -o out");
    run.has_error(&["in/other.parquet", "has no column `text`; its columns are body"]);
    for name in ["in/cut.parquet", "in/empty.parquet", "in/text.parquet"] {
        run.has_error(&[name, "is no file of Parquet, or damaged"]);
    }
    assert_eq!(run.errors().len(), 4);
    assert_eq!(folder.files("out"), [".scanno-batch.jsonl", "failed.jsonl", "good.parquet", "z.txt"]);
    assert_eq!(folder.text("out/failed.jsonl").lines().count(), 4);
    folder.run("check in").has_error(&["in/other.parquet", "has no column"]);
    for (column, what) in [("id", "numbers"), ("tags", "a structure"), ("page", "a structure"), ("score", "numbers")] {
        let run = folder.run(&format!("batch in/good.parquet -o no --column {column}"));
        run.has_error(&["in/good.parquet", &format!("its column `{column}` holds {what}")]);
    }
    assert_eq!(folder.files("no"), [".scanno-batch.jsonl", "failed.jsonl"]);
}

/// Damage anywhere is told, or does no harm: never a crash, never half a file.
#[test]
fn damage_is_told() {
    let folder = Folder::new();
    let texts = [Some(DIRTY), None, Some(CLEAN)];
    let good = table(&[&texts, &texts], plain());
    for number in 0..60 {
        let mut bad = good.clone();
        let place = number * (bad.len() - 1) / 59;
        bad[place] ^= 0x55;
        folder.write(&format!("in/{number}.parquet"), bad);
    }
    let run = folder.run("batch in -o out");
    run.has_error(&["is no file of Parquet, or damaged"]);
    for error in run.errors() {
        assert!(error.starts_with("error: in/") && !error.contains("a bug"), "{error}");
    }
    let done = folder.files("out").len() - 2;
    assert_eq!(done + run.errors().len(), 60);
}

/// Writes `number` tables into the folder `in`, each damaged in one place to three.
fn write_damaged(folder: &Folder, number: usize) {
    let texts = [Some(DIRTY), None, Some(CLEAN), Some(DIRTY)];
    let delta = |encoding| plain().set_dictionary_enabled(false).set_column_encoding("text".into(), encoding);
    let packed = |codec| plain().set_compression(codec).set_column_compression("text".into(), codec);
    let good = [
        table(&[&texts], plain()),
        table(&[&texts, &texts], packed(Compression::UNCOMPRESSED)),
        table(&[&texts], packed(Compression::UNCOMPRESSED).set_writer_version(WriterVersion::PARQUET_2_0)),
        table(&[&texts], packed(Compression::GZIP(GzipLevel::default()))),
        table(&[&texts], packed(Compression::LZ4)),
        table(&[&texts], delta(Encoding::DELTA_BYTE_ARRAY).set_column_compression("text".into(), Compression::SNAPPY)),
        table(&[&texts], delta(Encoding::DELTA_LENGTH_BYTE_ARRAY)),
    ];
    let mut state = 1_u64;
    let mut draw = |end: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % end
    };
    for case in 0..number {
        let mut bad = good[case % good.len()].clone();
        for _ in 0..=draw(3) {
            let place = 4 + draw(bad.len() - 14);
            // Lengths of pages, levels and lists are numbers of one to five bytes.
            let length = 1 + draw(5);
            match draw(6) {
                0 => bad[place] ^= 1 << draw(8),
                1 => bad[place] = draw(256) as u8,
                2 => bad[place..place + length].fill(0xff),
                3 => bad[place..place + length].fill(0x7f),
                4 => bad[place..place + length].fill(0),
                _ => bad.swap(place, 4 + draw(place)),
            }
        }
        folder.write(&format!("in/{case}.parquet"), bad);
    }
}

/// Damage is one line a file, and leaves nothing partial.
fn is_told_of_each(folder: &Folder, number: usize) {
    for command in ["batch in -o out", "batch in -o works --work page", "check -q in"] {
        let run = folder.run(command);
        run.has_error(&["is no file of Parquet, or damaged", "get or make it again"]);
        for line in run.stderr.lines() {
            let is_usual = line.starts_with("error: in/") && !line.contains("a bug") || line.contains("files cleaned");
            assert!(is_usual, "{line}");
        }
    }
    let done = folder.files("out").iter().filter(|name| name.ends_with(".parquet")).count();
    let failed = folder.text("out/failed.jsonl").lines().count();
    assert_eq!((done + failed, folder.files("out").len()), (number, done + 2), "nothing partial remains");
    assert!(failed > number / 4, "{failed}");
}

#[test]
fn damaged_numbers_neither_crash_nor_fill_the_memory() {
    let folder = Folder::new();
    write_damaged(&folder, 200);
    is_told_of_each(&folder, 200);
}

#[test]
#[ignore = "ten thousand tables; run with --ignored"]
fn ten_thousand_damaged_tables() {
    let folder = Folder::new();
    write_damaged(&folder, 10_000);
    is_told_of_each(&folder, 10_000);
}

/// What is looked at before it is decoded is found good in every form that writers have.
#[test]
fn all_forms_of_good_pages_are_read() {
    let folder = Folder::new();
    let texts: Vec<Option<&str>> = [Some(DIRTY), None, Some(CLEAN)].into_iter().cycle().take(500).collect();
    let versions = [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0];
    let encodings =
        [None, Some(Encoding::PLAIN), Some(Encoding::DELTA_BYTE_ARRAY), Some(Encoding::DELTA_LENGTH_BYTE_ARRAY)];
    let codecs = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::BROTLI(BrotliLevel::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
        Compression::ZSTD(ZstdLevel::default()),
    ];
    let mut number = 0;
    for version in versions {
        for encoding in encodings {
            for codec in codecs {
                let mut properties = plain().set_writer_version(version).set_data_page_size_limit(2_000);
                properties = properties.set_column_compression("text".into(), codec);
                if let Some(encoding) = encoding {
                    properties = properties.set_column_dictionary_enabled("text".into(), false);
                    properties = properties.set_column_encoding("text".into(), encoding);
                }
                folder.write(&format!("in/{number}.parquet"), table(&[&texts], properties));
                number += 1;
            }
        }
    }
    folder.run("batch in -o out --work tags").is_done();
    let first: Vec<String> = rows(&folder, "out/0.parquet").iter().map(|row| row.to_string()).collect();
    for other in 1..number {
        let rows: Vec<String> =
            rows(&folder, &format!("out/{other}.parquet")).iter().map(|row| row.to_string()).collect();
        assert!(rows == first, "{other}");
    }
}

/// Pages that are decompressed to far more than they say.
#[test]
fn a_page_that_holds_more_than_it_says_is_damage() {
    let folder = Folder::new();
    let long = "The house stood on the hill. ".repeat(3_000_000);
    for (name, codec) in [
        ("gzip", Compression::GZIP(GzipLevel::default())),
        ("brotli", Compression::BROTLI(BrotliLevel::default())),
        ("zstd", Compression::ZSTD(ZstdLevel::default())),
    ] {
        let properties = plain().set_dictionary_enabled(false).set_compression(codec);
        let properties = properties.set_column_compression("text".into(), codec);
        folder.write(&format!("in/{name}.parquet"), table(&[&[Some(&*long)]], properties));
    }
    let run = folder.run("batch in -o out");
    for name in ["gzip", "brotli", "zstd"] {
        run.has_error(&[&format!("in/{name}.parquet"), "as if made to fill the memory"]);
    }
}

#[test]
fn checking_says_the_same_and_writes_nothing() {
    let folder = Folder::new();
    folder.write("in/a.parquet", table(&[&[Some(DIRTY), None], &[Some(DIRTY)]], plain()));
    let run = folder.run("check in --json");
    assert_eq!(run.code, 1, "{run:?}");
    let report: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(report["skipped"]["null"], 1);
    assert_eq!(folder.files("."), ["in/a.parquet"]);
    folder.run("batch in -o out --report report").is_done();
    let written: Value = serde_json::from_slice(&folder.read("report/report.json")).unwrap();
    assert_eq!(report["changes"], written["changes"]);
}
