package dev.shadow.sync.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.spi.Generation;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.stream.Change;
import dev.shadow.tck.fake.FakeChangeFeed;
import dev.shadow.tck.fake.FakeChangeTarget;
import dev.shadow.tck.property.SeededTest;
import dev.shadow.tck.time.VirtualTime;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;

class ChangePipelineTest {
    private static final Change.Column ID = new Change.Column("id", Change.Type.INTEGER);
    private static final Change.Column NAME = new Change.Column("name", Change.Type.TEXT);
    private static final Change.Column AGE = new Change.Column("age", Change.Type.INTEGER);
    private static final Change.Schema PEOPLE = new Change.Schema("people", List.of(ID, NAME), List.of("id"));
    private static final Change.Schema OLDER = new Change.Schema("people", List.of(ID, NAME, AGE), List.of("id"));

    private final VirtualTime time = VirtualTime.create();
    private final FakeChangeFeed feed = FakeChangeFeed.on(time);
    private final FakeChangeTarget target = FakeChangeTarget.on(time);
    private final ChangePipelineOptions options =
            ChangePipelineOptions.defaults().withBatchChanges(3).withClock(time);

    private static Change.Upsert row(long id, String name) {
        return new Change.Upsert("people", Map.of("id", Optional.of(id), "name", Optional.of(name)));
    }

    private static Change.Delete gone(long id) {
        return new Change.Delete("people", Map.of("id", Optional.of(id)));
    }

    private ChangePipeline pipeline() {
        return ChangePipeline.between(feed, target, Generation.of(1), options);
    }

    private static void drain(ChangePipeline pipeline) throws SyncException {
        int applied = pipeline.poll();
        while (applied > 0) {
            applied = pipeline.poll();
        }
    }

    @Test
    void targetThatHoldsNothingGetsASnapshotAndThenTheStream() throws Exception {
        feed.commit(PEOPLE);
        feed.commit(row(1, "ann"), row(2, "bob"));
        try (ChangePipeline pipeline = pipeline()) {
            drain(pipeline);
            feed.commit(row(3, "cas"), gone(1));
            drain(pipeline);
            assertThat(pipeline.status().consistent()).isTrue();
        }
        assertThat(target.content()).isEqualTo(feed.content());
    }

    @Test
    void feedForgetsWhatTheTargetHoldsAndNothingElse() throws Exception {
        feed.commit(PEOPLE);
        try (ChangePipeline pipeline = pipeline()) {
            drain(pipeline);
            feed.commit(row(1, "ann"));
            assertThat(feed.kept()).isEqualTo(1);
            drain(pipeline);
            assertThat(feed.kept()).isZero();
        }
    }

    @Test
    void slowTargetSlowsTheReadingDown() throws Exception {
        feed.commit(PEOPLE);
        try (ChangePipeline pipeline = pipeline()) {
            drain(pipeline);
            for (int id = 0; id < 100; id++) {
                feed.commit(row(id, "x"));
            }
            int before = feed.faults().calls(FakeChangeFeed.Call.NEXT);
            pipeline.poll();
            assertThat(feed.faults().calls(FakeChangeFeed.Call.NEXT) - before).isEqualTo(3);
        }
    }

    @Test
    void lagIsTheAgeOfWhatWasAppliedLast() throws Exception {
        feed.commit(PEOPLE);
        try (ChangePipeline pipeline = pipeline()) {
            drain(pipeline);
            feed.commit(row(1, "ann"));
            time.advance(Duration.ofSeconds(7));
            pipeline.poll();
            assertThat(pipeline.status().lag()).isEqualTo(Duration.ofSeconds(7));
            pipeline.poll();
            assertThat(pipeline.status().lag()).isZero();
        }
    }

    @Test
    void transactionBeyondTheLimitIsRefusedAndNothingOfItApplied() throws Exception {
        feed.commit(PEOPLE);
        try (ChangePipeline pipeline =
                ChangePipeline.between(feed, target, Generation.of(1), options.withMaxTransactionChanges(1))) {
            drain(pipeline);
            feed.commit(row(1, "ann"), row(2, "bob"));
            assertThatThrownBy(pipeline::poll).isInstanceOf(SyncException.class);
            assertThat(pipeline.status().failure()).contains("maxTransactionChanges");
        }
        assertThat(target.content().get("people")).isEmpty();
    }

    @Test
    void pipelineOfAnOlderGenerationChangesNothing() throws Exception {
        feed.commit(PEOPLE);
        try (ChangePipeline newer = ChangePipeline.between(feed, target, Generation.of(2), options);
                ChangePipeline older = pipeline()) {
            drain(newer);
            feed.commit(row(1, "ann"));
            assertThatThrownBy(older::poll).isInstanceOf(StaleGenerationException.class);
        }
        assertThat(target.content().get("people")).isEmpty();
    }

    @SeededTest(runs = 300)
    void everyChangeTakesEffectOnceWhateverFails(RandomGenerator random) throws Exception {
        feed.commit(PEOPLE);
        ChangePipeline pipeline = pipeline();
        for (int step = 0; step < 60; step++) {
            int action = random.nextInt(8);
            switch (action) {
                case 0, 1, 2 -> feed.commit(row(random.nextInt(8), "n" + step), row(random.nextInt(8), "m" + step));
                case 3 -> feed.commit(gone(random.nextInt(8)));
                case 4 -> feed.faults().failNext(any(random), Retry.TRANSIENT);
                case 5 -> target.faults().loseNextAnswer(FakeChangeTarget.Call.APPLY);
                case 6 -> target.faults().failNext(FakeChangeTarget.Call.APPLY, Retry.TRANSIENT);
                default -> {
                    pipeline.close();
                    pipeline = pipeline();
                }
            }
            pollAnyhow(pipeline);
        }
        feed.faults().clear();
        target.faults().clear();
        drain(pipeline);
        assertThat(target.content()).isEqualTo(feed.content());
    }

    private static FakeChangeFeed.Call any(RandomGenerator random) {
        FakeChangeFeed.Call[] calls = FakeChangeFeed.Call.values();
        return calls[random.nextInt(calls.length)];
    }

    private static void pollAnyhow(ChangePipeline pipeline) {
        try {
            pipeline.poll();
        } catch (SyncException injected) {
            assertThat(injected.retry()).isEqualTo(Retry.TRANSIENT);
        }
    }

    @SeededTest(runs = 12)
    void databaseHoldsEveryChangeOnceAfterACrashAtAnyStep(long seed, RandomGenerator random) throws Exception {
        JdbcConnectionPool database = JdbcConnectionPool.create("jdbc:h2:mem:cdc" + Long.toHexString(seed), "sa", "");
        int[] stepsLeft = {-1};
        JdbcChangeTarget jdbc = new JdbcChangeTarget(database, step -> {
            if (stepsLeft[0] >= 0 && stepsLeft[0]-- == 0) {
                throw new SQLException("crash " + step);
            }
        });
        feed.commit(PEOPLE);
        for (int round = 0; round < 25; round++) {
            if (round == 12) {
                feed.commit(OLDER);
            }
            feed.commit(
                    row(random.nextInt(6), "a" + round), gone(random.nextInt(6)), row(random.nextInt(6), "b" + round));
            stepsLeft[0] = random.nextInt(12);
            try (ChangePipeline pipeline = ChangePipeline.between(feed, jdbc, Generation.of(1), options)) {
                pollAnyhow(pipeline);
            }
            stepsLeft[0] = -1;
        }
        try (ChangePipeline pipeline = ChangePipeline.between(feed, jdbc, Generation.of(1), options)) {
            drain(pipeline);
        }
        assertThat(names(database)).isEqualTo(names(feed));
        database.dispose();
    }

    private static Map<Long, String> names(JdbcConnectionPool database) throws SQLException {
        Map<Long, String> names = new TreeMap<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select \"id\", \"name\" from \"people\"")) {
            while (rows.next()) {
                names.put(rows.getLong(1), rows.getString(2));
            }
        }
        return names;
    }

    private static Map<Long, String> names(FakeChangeFeed feed) {
        Map<Long, String> names = new TreeMap<>();
        Objects.requireNonNull(feed.content().get("people"))
                .values()
                .forEach(row -> names.put((Long) column(row, "id"), (String) column(row, "name")));
        return names;
    }

    private static Object column(Map<String, Optional<Object>> row, String name) {
        return Objects.requireNonNull(row.get(name), name).orElseThrow();
    }
}
