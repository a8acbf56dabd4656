-- Cleans JSON Lines with Spark. Every record comes back, in the order of its partition:
--
--   spark-sql --hivevar input=PAGES --hivevar output=CLEANED --hivevar scanno=/usr/local/bin/scanno -f clean.sql
--
-- PAGES is a file or folder of JSON Lines with the text under "text"; CLEANED must not exist. scanno must lie at the
-- same path on every worker. It is started once for each partition and reads one line a record, so that a tab or a line
-- end within a text, which JSON escapes, is no matter. Exit code 2 says that some record was passed through as it is;
-- its "scanno" object says why, and the job goes on.

CREATE TEMPORARY VIEW pages USING text OPTIONS (path '${input}');

INSERT OVERWRITE DIRECTORY '${output}' USING text
SELECT TRANSFORM (value)
  USING 'sh -c "${scanno} batch -q - || [ $? -eq 2 ]"'
  AS (value STRING)
FROM pages;
