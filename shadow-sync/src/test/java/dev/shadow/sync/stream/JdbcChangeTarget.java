package dev.shadow.sync.stream;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.Generation;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.VmId;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.stream.Bytes;
import dev.shadow.spi.sync.stream.Change;
import dev.shadow.spi.sync.stream.ChangeApplier;
import dev.shadow.spi.sync.stream.ChangeTransaction;
import dev.shadow.spi.sync.stream.StreamPosition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * A target behind plain JDBC. The position lies in a table beside the data and is written in the same transaction. The
 * tables and columns are quoted and made as the changes tell; on H2 a change of the schema ends a transaction, so each
 * schema change is made idempotent, before the transaction that carries the rows and the position.
 */
final class JdbcChangeTarget implements ChangeApplier {
    private final DataSource database;

    /** Called around the commit, so that a test can cut the call there. */
    interface Cut {
        void at(String step) throws SQLException;
    }

    private final Cut cut;

    JdbcChangeTarget(DataSource database, Cut cut) throws SQLException {
        this.database = database;
        this.cut = cut;
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table if not exists \"shadow position\" (id int primary key, sequence bigint, "
                    + "token varchar(1024), generation bigint not null)");
            statement.execute("merge into \"shadow position\" as p using (values (1)) as v(id) on p.id = v.id "
                    + "when not matched then insert values (1, null, null, 0)");
        }
    }

    @Override
    public Optional<StreamPosition> position(Duration timeout) throws SyncException {
        try (Connection connection = database.getConnection()) {
            return position(connection);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static Optional<StreamPosition> position(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select sequence, token from \"shadow position\"")) {
            row.next();
            long sequence = row.getLong(1);
            return row.wasNull() ? Optional.empty() : Optional.of(new StreamPosition(sequence, row.getString(2)));
        }
    }

    @Override
    public void apply(List<ChangeTransaction> transactions, CallContext context) throws SyncException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                lock(connection, context.generation());
                for (ChangeTransaction transaction : transactions) {
                    applyOne(connection, transaction, context.generation());
                }
                cut.at("before the commit");
                connection.commit();
                cut.at("after the commit");
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static void lock(Connection connection, Generation offered) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select generation from \"shadow position\" for update")) {
            row.next();
            Generation seen = Generation.of(row.getLong(1));
            if (offered.isOlderThan(seen)) {
                throw new StaleGenerationException(VmId.of("database"), offered, seen);
            }
        }
    }

    /** The position moves with every source transaction, so that a schema change, which commits, keeps them together. */
    private void applyOne(Connection connection, ChangeTransaction transaction, Generation generation)
            throws SQLException {
        Optional<StreamPosition> reached = position(connection);
        if (reached.isPresent() && transaction.position().compareTo(reached.get()) <= 0) {
            return;
        }
        for (Change change : transaction.changes()) {
            cut.at("before a change");
            if (change instanceof Change.Upsert upsert) {
                upsert(connection, upsert);
            } else if (change instanceof Change.Delete delete) {
                run(connection, "delete from " + quoted(delete.table()) + where(delete.key()), delete.key());
            } else if (change instanceof Change.Reset reset) {
                run(connection, "drop table if exists " + quoted(reset.table()), Map.of());
                run(connection, create(reset.schema()), Map.of());
            } else if (change instanceof Change.Schema schema) {
                alter(connection, schema);
            }
        }
        try (PreparedStatement statement =
                connection.prepareStatement("update \"shadow position\" set sequence = ?, token = ?, generation = ?")) {
            statement.setLong(1, transaction.position().sequence());
            statement.setString(2, transaction.position().token());
            statement.setLong(3, generation.value());
            statement.executeUpdate();
        }
    }

    private static void upsert(Connection connection, Change.Upsert upsert) throws SQLException {
        String columns =
                upsert.values().keySet().stream().map(JdbcChangeTarget::quoted).collect(Collectors.joining(", "));
        String marks = upsert.values().keySet().stream().map(c -> "?").collect(Collectors.joining(", "));
        run(
                connection,
                "merge into " + quoted(upsert.table()) + " (" + columns + ") values (" + marks + ")",
                upsert.values());
    }

    private static String where(Map<String, Optional<Object>> key) {
        return key.keySet().stream().map(c -> quoted(c) + " = ?").collect(Collectors.joining(" and ", " where ", ""));
    }

    private static void run(Connection connection, String sql, Map<String, Optional<Object>> values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int index = 1;
            for (Optional<Object> value : values.values()) {
                statement.setObject(index++, value.map(JdbcChangeTarget::toSql).orElse(null));
            }
            statement.executeUpdate();
        }
    }

    private static Object toSql(Object value) {
        if (value instanceof Instant instant) {
            return Timestamp.from(instant);
        }
        return value instanceof Bytes bytes ? bytes.toArray() : value;
    }

    private static String create(Change.Schema schema) {
        List<String> parts = new ArrayList<>();
        schema.columns().forEach(column -> parts.add(quoted(column.name()) + " " + type(column.type())));
        parts.add(schema.key().stream()
                .map(JdbcChangeTarget::quoted)
                .collect(Collectors.joining(", ", "primary key (", ")")));
        return "create table if not exists " + quoted(schema.table()) + " (" + String.join(", ", parts) + ")";
    }

    private static void alter(Connection connection, Change.Schema schema) throws SQLException {
        run(connection, create(schema), Map.of());
        for (Change.Column column : schema.columns()) {
            run(
                    connection,
                    "alter table " + quoted(schema.table()) + " add column if not exists " + quoted(column.name()) + " "
                            + type(column.type()),
                    Map.of());
        }
        List<String> names = schema.columns().stream().map(Change.Column::name).toList();
        List<String> gone = new ArrayList<>();
        try (ResultSet columns = connection.getMetaData().getColumns(null, null, schema.table(), null)) {
            while (columns.next()) {
                if (!names.contains(columns.getString("COLUMN_NAME"))) {
                    gone.add(columns.getString("COLUMN_NAME"));
                }
            }
        }
        for (String column : gone) {
            run(connection, "alter table " + quoted(schema.table()) + " drop column " + quoted(column), Map.of());
        }
    }

    private static String type(Change.Type type) {
        return switch (type) {
            case BOOLEAN -> "boolean";
            case INTEGER -> "bigint";
            case DECIMAL -> "decimal(38, 10)";
            case TEXT -> "varchar";
            case INSTANT -> "timestamp";
            case UUID -> "uuid";
            case BYTES -> "varbinary";
        };
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static SyncException failed(SQLException e) {
        return new SyncException(SyncException.Retry.TRANSIENT, "the database refused: " + e.getMessage(), e);
    }
}
