package dev.shadow.tck.fake;

import dev.shadow.spi.sync.stream.Change;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The rows of one table by key. Not to be shared between threads. */
final class FakeTable {
    private final Change.Schema schema;
    private final Map<Object, Map<String, Optional<Object>>> rows;

    private FakeTable(Change.Schema schema, Map<Object, Map<String, Optional<Object>>> rows) {
        this.schema = schema;
        this.rows = rows;
    }

    static void apply(Map<String, FakeTable> tables, Change change) {
        if (change instanceof Change.Reset reset) {
            tables.put(change.table(), new FakeTable(reset.schema(), new LinkedHashMap<>()));
        } else if (change instanceof Change.Schema schema) {
            FakeTable before = tables.get(change.table());
            tables.put(
                    change.table(), before == null ? new FakeTable(schema, new LinkedHashMap<>()) : before.as(schema));
        } else if (change instanceof Change.Upsert upsert) {
            FakeTable table = require(tables, change);
            table.rows.put(table.key(upsert.values()), upsert.values());
        } else if (change instanceof Change.Delete delete) {
            FakeTable table = require(tables, change);
            table.rows.remove(table.key(delete.key()));
        }
    }

    private static FakeTable require(Map<String, FakeTable> tables, Change change) {
        FakeTable table = tables.get(change.table());
        if (table == null) {
            throw new IllegalArgumentException("table " + change.table() + " is not known: give its schema first");
        }
        return table;
    }

    private FakeTable as(Change.Schema next) {
        FakeTable changed = new FakeTable(next, new LinkedHashMap<>());
        for (Map<String, Optional<Object>> row : rows.values()) {
            Map<String, Optional<Object>> kept = new LinkedHashMap<>();
            next.columns()
                    .forEach(column -> kept.put(column.name(), row.getOrDefault(column.name(), Optional.empty())));
            changed.rows.put(changed.key(kept), kept);
        }
        return changed;
    }

    private Object key(Map<String, Optional<Object>> values) {
        List<Optional<Object>> key = new ArrayList<>();
        for (String column : schema.key()) {
            key.add(values.getOrDefault(column, Optional.empty()));
        }
        return key;
    }

    Change.Schema schema() {
        return schema;
    }

    List<Change.Upsert> rows() {
        return rows.values().stream()
                .map(row -> new Change.Upsert(schema.table(), row))
                .toList();
    }

    FakeTable copy() {
        return new FakeTable(schema, new LinkedHashMap<>(rows));
    }

    static Map<String, Map<Object, Map<String, Optional<Object>>>> content(Map<String, FakeTable> tables) {
        Map<String, Map<Object, Map<String, Optional<Object>>>> content = new TreeMap<>();
        tables.forEach((name, table) -> content.put(name, Map.copyOf(table.rows)));
        return content;
    }
}
