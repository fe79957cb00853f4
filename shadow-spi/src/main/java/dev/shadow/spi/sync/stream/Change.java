package dev.shadow.spi.sync.stream;

import dev.shadow.spi.internal.Checks;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One change inside a transaction. Column values are {@link Boolean}, {@link Long}, {@link java.math.BigDecimal}, {@link
 * String}, {@link java.time.Instant}, {@link java.util.UUID} or {@link Bytes}; an empty optional is SQL's NULL.
 */
public sealed interface Change {
    /** The table that changes. */
    String table();

    /**
     * A row is there with these values, whether or not one with its key was there before.
     *
     * @param table name of the table
     * @param values every column, by name
     */
    record Upsert(String table, Map<String, Optional<Object>> values) implements Change {
        public Upsert {
            Checks.text("table", table, 256);
            values = row("values", values);
        }
    }

    /**
     * The row with this key is gone, if it was there.
     *
     * @param table name of the table
     * @param key the columns of the key, by name
     */
    record Delete(String table, Map<String, Optional<Object>> key) implements Change {
        public Delete {
            Checks.text("table", table, 256);
            key = row("key", key);
        }
    }

    /**
     * The table has this shape from here on; rows keep the values of columns that stay, and new columns are NULL.
     *
     * @param table name of the table
     * @param columns every column
     * @param key names of the columns of the primary key, at least one
     */
    record Schema(String table, List<Column> columns, List<String> key) implements Change {
        public Schema {
            Checks.text("table", table, 256);
            columns = Checks.list("columns", columns);
            key = Checks.list("key", key);
            List<String> names = columns.stream().map(Column::name).toList();
            if (names.isEmpty() || names.stream().distinct().count() != names.size()) {
                throw Checks.refused("columns", columns, "be at least one, each with a name of its own");
            }
            if (key.isEmpty() || !names.containsAll(key)) {
                throw Checks.refused("key", key, "name at least one column, and only columns of the table");
            }
        }
    }

    /**
     * The table is empty and has this shape: a snapshot of it begins. Whatever was there is dropped.
     *
     * @param schema the shape
     */
    record Reset(Schema schema) implements Change {
        public Reset {
            Checks.present("schema", schema);
        }

        @Override
        public String table() {
            return schema.table();
        }
    }

    /**
     * A column.
     *
     * @param name its name
     * @param type what it holds
     */
    record Column(String name, Type type) {
        public Column {
            Checks.text("name", name, 256);
            Checks.present("type", type);
        }
    }

    /** What a column holds. */
    enum Type {
        /** {@link Boolean}. */
        BOOLEAN,
        /** {@link Long}. */
        INTEGER,
        /** {@link java.math.BigDecimal}. */
        DECIMAL,
        /** {@link String}. */
        TEXT,
        /** {@link java.time.Instant}. */
        INSTANT,
        /** {@link java.util.UUID}. */
        UUID,
        /** {@link Bytes}. */
        BYTES
    }

    private static Map<String, Optional<Object>> row(String field, Map<String, Optional<Object>> values) {
        if (Checks.present(field, values).isEmpty()) {
            throw Checks.refused(field, values, "have at least one column");
        }
        return Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
}
