package dev.shadow.tck.property;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.suppressed;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

final class SeededTestTest {
    private static final List<Long> SEEN = new ArrayList<>();

    @BeforeEach
    void forget() {
        SEEN.clear();
    }

    @Test
    void triesAsManySeedsAsItDeclares() {
        run(Passing.class).testEvents().assertStatistics(stats -> stats.succeeded(5));

        assertThat(SEEN).hasSize(5).doesNotHaveDuplicates();
    }

    @Test
    void triesTheSameSeedsInEveryBuild() {
        run(Passing.class);
        List<Long> first = List.copyOf(SEEN);
        forget();
        run(Passing.class);

        assertThat(SEEN).isEqualTo(first);
    }

    @Test
    void triesMoreSeedsWhenAskedButTheUsualOnesFirst() {
        run(Passing.class);
        List<Long> usual = List.copyOf(SEEN);
        forget();
        run(Passing.class, SeededRuns.RUNS, "20");

        assertThat(SEEN).hasSize(20).doesNotHaveDuplicates().startsWith(usual.toArray(Long[]::new));
    }

    @Test
    void neverTriesFewerSeedsThanItDeclares() {
        run(Passing.class, SeededRuns.RUNS, "1");

        assertThat(SEEN).hasSize(5);
    }

    @Test
    void namesEachRunAfterItsSeed() {
        List<String> names = run(Passing.class).testEvents().started().stream()
                .map(run -> run.getTestDescriptor().getDisplayName())
                .toList();

        assertThat(names).hasSize(5).first().isEqualTo("run 1, seed " + SEEN.get(0));
    }

    @Test
    void startsTheGeneratorFromTheSeed() {
        run(DrawingBoth.class).testEvents().assertStatistics(stats -> stats.succeeded(5));
    }

    @Test
    void saysHowToRepeatAFailingRunAndThenRepeatsExactlyThatOne() {
        List<Event> failures = run(FailingOnOdd.class).testEvents().failed().list();
        long failing = SEEN.stream().filter(seed -> (seed & 1) == 1).findFirst().orElseThrow();
        String hint = "-Dtest='" + FailingOnOdd.class.getName() + "#isEven' -D" + SeededRuns.SEED + "=" + failing;

        assertThat(failures)
                .first()
                .is(event(finishedWithFailure(
                        message(text -> text.contains("odd")),
                        suppressed(0, message(text -> text.startsWith("seed " + failing) && text.contains(hint))))));

        forget();
        run(FailingOnOdd.class, SeededRuns.SEED, Long.toString(failing))
                .testEvents()
                .assertStatistics(stats -> stats.started(1).failed(1));
        assertThat(SEEN).containsExactly(failing);
    }

    @Test
    void saysHowToRepeatARunWhoseCleanUpFails() {
        run(FailingAfterwards.class, SeededRuns.SEED, "42")
                .testEvents()
                .failed()
                .assertEventsMatchExactly(event(finishedWithFailure(
                        suppressed(0, message(text -> text.contains(SeededRuns.SEED + "=42"))))));
    }

    @Test
    void refusesASeedThatIsNoNumber() {
        run(Passing.class, SeededRuns.SEED, "lucky")
                .containerEvents()
                .failed()
                .assertEventsMatchExactly(
                        event(finishedWithFailure(message("shadow.seed must be a whole number, was 'lucky'"))));
    }

    @Test
    void refusesToRunNothing() {
        run(RunningNothing.class)
                .containerEvents()
                .failed()
                .assertEventsMatchExactly(event(finishedWithFailure(message("runs must be at least 1, was 0"))));
    }

    /** Sees only the parameters given here, whatever properties the outer build was started with. */
    private static EngineExecutionResults run(Class<?> testClass, String... parameter) {
        EngineTestKit.Builder kit = EngineTestKit.engine("junit-jupiter").selectors(selectClass(testClass));
        if (parameter.length > 0) {
            kit.configurationParameter(parameter[0], parameter[1]);
        }
        return kit.execute();
    }

    static final class Passing {
        @SeededTest(runs = 5)
        void passes(long seed) {
            SEEN.add(seed);
        }
    }

    static final class DrawingBoth {
        @SeededTest(runs = 5)
        void drawsWhatTheSeedGives(long seed, RandomGenerator random) {
            assertThat(random.nextLong()).isEqualTo(new SplittableRandom(seed).nextLong());
        }
    }

    static final class FailingOnOdd {
        @SeededTest(runs = 20)
        void isEven(long seed) {
            SEEN.add(seed);
            assertThat(seed & 1).as("odd").isZero();
        }
    }

    static final class FailingAfterwards {
        @SeededTest
        void passes(SplittableRandom random) {
            random.nextInt();
        }

        @AfterEach
        void cleanUp() {
            throw new IllegalStateException("left open");
        }
    }

    static final class RunningNothing {
        @SeededTest(runs = 0)
        void neverRuns(long seed) {
            SEEN.add(seed);
        }
    }
}
