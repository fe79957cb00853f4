package dev.shadow.forecast.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.tck.property.SeededTest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

final class FailureModelTest {
    private static final HealthTable LEARNED = Fleets.of(800, 1);
    private static final HealthTable OTHERS = Fleets.of(800, 2);
    private static final FailureModel MODEL = FailureModel.fit(LEARNED, Fleets.quick(7));

    private static double[] risks(FailureModel model, HealthTable table) {
        return model.judge(table, 0).stream()
                .mapToDouble(FailureRisk::probability)
                .toArray();
    }

    @Test
    void ranksAFailingUnitAboveAHealthyOne() {
        double[] risks = risks(MODEL, OTHERS);
        double wins = 0;
        int pairs = 0;
        for (int i = 0; i < risks.length; i++) {
            for (int j = 0; OTHERS.outcome(i) == Outcome.FAILED && j < risks.length; j++) {
                if (OTHERS.outcome(j) == Outcome.HEALTHY) {
                    wins += risks[i] > risks[j] ? 1 : risks[i] == risks[j] ? 0.5 : 0;
                    pairs++;
                }
            }
        }
        // The true hazard itself reaches about 0.85 here.
        assertThat(wins / pairs).isBetween(0.75, 1.0);
    }

    @Test
    void risksAgreeWithHowManyFail() {
        double[] risks = risks(MODEL, OTHERS);
        double[] expected = new double[2];
        int[] failed = new int[2];
        for (int row = 0; row < risks.length; row++) {
            int high = risks[row] > 0.1 ? 1 : 0;
            expected[high] += risks[row];
            failed[high] += OTHERS.outcome(row) == Outcome.FAILED ? 1 : 0;
        }
        assertThat(expected[0]).isCloseTo(failed[0], within(5 * Math.sqrt(failed[0])));
        assertThat(expected[1]).isCloseTo(failed[1], within(5 * Math.sqrt(failed[1])));
        assertThat(failed[1]).isGreaterThan(50);
    }

    @Test
    void skillOnUnseenUnitsIsWhatOtherUnitsShow() {
        double rate = Fleets.failureRate(OTHERS);
        double[] risks = risks(MODEL, OTHERS);
        double squared = 0;
        for (int row = 0; row < risks.length; row++) {
            double y = OTHERS.outcome(row) == Outcome.FAILED ? 1 : 0;
            squared += (risks[row] - y) * (risks[row] - y);
        }
        double skill = 1 - squared / risks.length / (rate * (1 - rate));
        assertThat(skill).isGreaterThan(0.1);
        assertThat(MODEL.fittedOn().brierSkill()).isCloseTo(skill, within(0.1));
    }

    @Test
    void unknownOutcomesAreNotCountedAsHealthy() {
        // Three in four of all units that failed were emptied before it could be seen, and so were as many healthy
        // ones.
        SplittableRandom random = new SplittableRandom(3);
        List<Outcome> thrown = new ArrayList<>();
        HealthTable censored = Fleets.of(2000, 1, (hazard, outcome) -> {
            if (random.nextInt(4) > 0) {
                thrown.add(outcome);
                return Outcome.UNKNOWN;
            }
            return outcome;
        });
        FailureModel model = FailureModel.fit(censored, Fleets.quick(7));
        assertThat(model.fittedOn().unknown()).isEqualTo(thrown.size());
        assertThat(Fleets.meanRisk(model, OTHERS)).isCloseTo(Fleets.failureRate(OTHERS), within(0.012));
    }

    @Test
    void rowsOfUnknownOutcomeStillCountForThePast() {
        HealthTable.Builder table = HealthTable.builder(List.of("errors"), List.of());
        table.add("a", 720, new double[] {3}, List.of(), Outcome.UNKNOWN);
        table.add("a", 1440, new double[] {10}, List.of(), Outcome.HEALTHY);
        table.add("b", 720, new double[] {4}, List.of(), Outcome.FAILED);
        Signals.Learned learned = Signals.learn(table.build(), 1);
        int step = learned.signals.used.stream().map(Signal::aspect).toList().indexOf(Aspect.STEP);
        assertThat(learned.columns[step]).containsExactly(Double.NaN, 7, Double.NaN);
    }

    @Test
    void anyNumberOfThreadsGivesTheSameModel() {
        ExecutorService executor = Executors.newFixedThreadPool(3);
        try {
            FailureModel threaded = FailureModel.fit(LEARNED, Fleets.quick(7), executor);
            assertThat(risks(threaded, OTHERS)).containsExactly(risks(MODEL, OTHERS));
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void anotherSeedGivesAnotherModel() {
        assertThat(risks(FailureModel.fit(LEARNED, Fleets.quick(8)), OTHERS)).isNotEqualTo(risks(MODEL, OTHERS));
    }

    @Test
    void judgesARowWithoutItsFuture() {
        HealthTable.Builder start = HealthTable.builder(Fleets.NUMBERS, Fleets.TEXTS);
        List<Integer> rows = new ArrayList<>();
        for (int row = 0; row < OTHERS.size(); row++) {
            if (OTHERS.ageHours(row) <= 2880) {
                rows.add(row);
                start.add(
                        OTHERS.unit(row),
                        OTHERS.ageHours(row),
                        new double[] {OTHERS.number(row, 0), OTHERS.number(row, 1)},
                        List.of(OTHERS.text(row, 0)),
                        Outcome.UNKNOWN);
            }
        }
        double[] whole = risks(MODEL, OTHERS);
        assertThat(risks(MODEL, start.build()))
                .containsExactly(rows.stream().mapToDouble(row -> whole[row]).toArray());
    }

    @Test
    void orderOfRowsAndColumnsAndFurtherColumnsDoNotMatter() {
        HealthTable.Builder turned = HealthTable.builder(List.of("other", "noise", "errors"), List.of("make"));
        for (int row = OTHERS.size() - 1; row >= 0; row--) {
            turned.add(
                    OTHERS.unit(row),
                    OTHERS.ageHours(row),
                    new double[] {row, OTHERS.number(row, 1), OTHERS.number(row, 0)},
                    List.of(OTHERS.text(row, 0)),
                    Outcome.UNKNOWN);
        }
        double[] risks = risks(MODEL, turned.build());
        double[] expected = risks(MODEL, OTHERS);
        for (int row = 0; row < expected.length; row++) {
            assertThat(risks[expected.length - 1 - row]).isEqualTo(expected[row]);
        }
    }

    @Test
    void topReasonOfAJumpIsTheCounterThatJumped() {
        HealthTable.Builder table = HealthTable.builder(Fleets.NUMBERS, Fleets.TEXTS);
        table.add("x", 720, new double[] {0, 50}, List.of("good"), Outcome.UNKNOWN);
        table.add("x", 1440, new double[] {40, 50}, List.of("good"), Outcome.UNKNOWN);
        List<FailureRisk> risks = MODEL.judge(table.build(), 3);
        Reason top = risks.get(1).reasons().get(0);
        assertThat(risks.get(1).reasons()).hasSizeBetween(1, 3);
        assertThat(top.signal()).isEqualTo("errors");
        assertThat(top.logOdds()).isGreaterThan(1);
        assertThat(top.text())
                .startsWith("errors ")
                .contains("raises the odds ")
                .endsWith(" times");
        assertThat(risks.get(1).probability()).isGreaterThan(5 * risks.get(0).probability());
    }

    @Test
    void reasonsAddUpToTheRisk() {
        List<FailureRisk> risks = MODEL.judge(OTHERS, Integer.MAX_VALUE);
        double[] start = new double[3];
        for (int i = 0; i < 3; i++) {
            FailureRisk risk = risks.get(100 * i);
            double reasons =
                    risk.reasons().stream().mapToDouble(Reason::logOdds).sum();
            start[i] = Calibration.logit(risk.probability()) - reasons;
        }
        // What is left is the same for all: the odds of the average unit.
        assertThat(start[1]).isCloseTo(start[0], within(1e-9));
        assertThat(start[2]).isCloseTo(start[0], within(1e-9));
    }

    @Test
    void tellsWhatItWasLearnedFrom() {
        FittedOn f = MODEL.fittedOn();
        assertThat(f.units()).isEqualTo(800);
        assertThat(f.failed() + f.healthy()).isEqualTo(LEARNED.size());
        assertThat(f.unknown()).isZero();
        assertThat(f.youngestHours()).isEqualTo(720);
        assertThat(f.oldestHours()).isEqualTo(5760);
        assertThat(f.options()).isEqualTo(Fleets.quick(7));
    }

    @Test
    void refusesATableWithoutFailures() {
        HealthTable healthy = Fleets.of(10, 1, (hazard, outcome) -> Outcome.HEALTHY);
        assertThatThrownBy(() -> FailureModel.fit(healthy, Fleets.quick(1)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("at least one failed and one healthy row")
                .hasMessageContaining("0 failed and " + healthy.size() + " healthy rows");
    }

    @Test
    void refusesToJudgeATableThatLacksASignal() {
        HealthTable table =
                HealthTable.builder(List.of("noise"), List.of("make")).build();
        assertThatThrownBy(() -> MODEL.judge(table, 0))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("numbers must hold errors, was [noise]");
    }

    @Test
    void oneFailureIsEnoughToHaveAModel() {
        HealthTable.Builder table = HealthTable.builder(List.of("errors"), List.of());
        table.add("a", 720, new double[] {3}, List.of(), Outcome.HEALTHY);
        table.add("b", 720, new double[] {4}, List.of(), Outcome.FAILED);
        FailureModel model = FailureModel.fit(table.build(), Fleets.quick(1));
        assertThat(model.judge(table.build(), 0)).allMatch(r -> r.probability() > 0 && r.probability() < 1);
    }

    @SeededTest(runs = 30)
    void anyTableGivesFiniteRisksBetweenZeroAndOne(SplittableRandom random) {
        List<Outcome> outcomes = List.of(Outcome.values());
        double[] nasty = {0, 1, -1, Double.NaN, Double.MAX_VALUE, -Double.MAX_VALUE, Double.MIN_VALUE, 1e300, 65535};
        HealthTable.Builder table = HealthTable.builder(List.of("p", "q"), List.of("t"));
        table.add("first", 0, new double[] {Double.NaN, Double.NaN}, List.of(""), Outcome.FAILED);
        table.add("second", 0, new double[] {Double.NaN, 1}, List.of(""), Outcome.HEALTHY);
        int rows = random.nextInt(60);
        for (int i = 0; i < rows; i++) {
            table.add(
                    "u" + random.nextInt(9),
                    i,
                    new double[] {nasty[random.nextInt(nasty.length)], nasty[random.nextInt(nasty.length)]},
                    List.of("t" + random.nextInt(3)),
                    outcomes.get(random.nextInt(3)));
        }
        FailureModel model = FailureModel.fit(table.build(), Fleets.quick(random.nextInt()));
        assertThat(model.judge(table.build(), 2)).hasSize(rows + 2).allSatisfy(risk -> {
            assertThat(risk.probability()).isBetween(0.0, 1.0);
            assertThat(risk.reasons()).hasSizeLessThanOrEqualTo(2).allMatch(r -> Double.isFinite(r.logOdds()));
        });
    }
}
