//! What programs keep about a table's columns beside its own schema: it must
//! know of the new column, or they refuse the table, or do not see the column.

use parquet::file::metadata::KeyValue;
use serde_json::{Value, json};

use super::super::record::KEY;
use super::arrow;

/// Where Arrow's libraries keep the types that Parquet does not have.
const ARROW: &str = "ARROW:schema";

/// Where Spark keeps its schema.
const SPARK: &str = "org.apache.spark.sql.parquet.row.metadata";

/// `pairs`, with the new column where columns are listed. A list that cannot
/// be read is left out: then its program goes by the table's own schema.
pub(super) fn with_column(pairs: &[KeyValue]) -> Vec<KeyValue> {
    let known = pairs.iter().filter_map(|pair| {
        let value = match (&*pair.key, &pair.value) {
            (ARROW, Some(value)) => Some(arrow::with_column(value, KEY)?),
            (SPARK, Some(value)) => Some(spark(value)?),
            (_, value) => value.clone(),
        };
        Some(KeyValue::new(pair.key.clone(), value))
    });
    known.collect()
}

/// A Spark schema: a structure in JSON.
fn spark(encoded: &str) -> Option<String> {
    let mut schema: Value = serde_json::from_str(encoded).ok()?;
    let fields = schema.get_mut("fields")?.as_array_mut()?;
    fields.push(json!({"name": KEY, "type": "string", "nullable": true, "metadata": {}}));
    Some(schema.to_string())
}
