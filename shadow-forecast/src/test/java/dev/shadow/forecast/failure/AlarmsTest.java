package dev.shadow.forecast.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.tck.property.SeededTest;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AlarmsTest {
    private static final double[] RISKS = {0.9, 0.1, 0.5, 0.5, 0.2, 0.05};
    private static final boolean[] FAILED = {true, false, true, false, false, true};

    @Test
    void curveHasAPointWhereAFailureIsFound() {
        assertThat(AlarmCurve.of(RISKS, FAILED).points())
                .containsExactly(
                        new AlarmCurve.Point(0.9, 1, 1),
                        new AlarmCurve.Point(0.5, 3, 2),
                        new AlarmCurve.Point(0.05, 6, 3));
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 10, 0.05", "2, 0, 5, 0.5", "2, 0, 3, 0.9", "2, 1.5, 3, Infinity"})
    void dearerAlarmsAreFewer(double alarm, double foreseen, double unforeseen, double threshold) {
        AlarmCurve curve = AlarmCurve.of(RISKS, FAILED);
        assertThat(curve.cheapest(new AlarmCosts(alarm, foreseen, unforeseen)).threshold())
                .isEqualTo(threshold);
    }

    @ParameterizedTest
    @CsvSource({"1, 0.05", "0.99, 0.5", "0.5, 0.5", "0.49, 0.9", "0.1, Infinity", "0, Infinity"})
    void staysWithinTheAlarmsThatCanBeHandled(double share, double threshold) {
        assertThat(AlarmCurve.of(RISKS, FAILED).within(share).threshold()).isEqualTo(threshold);
    }

    @Test
    void actsFromTheRiskWhereItPays() {
        AlarmCosts costs = new AlarmCosts(1, 4, 24);
        assertThat(costs.threshold()).isEqualTo(0.05);
        assertThat(new FailureRisk("a", 1, 0.05, List.of()).isWorthActing(costs))
                .isTrue();
        assertThat(new FailureRisk("a", 1, 0.0499, List.of()).isWorthActing(costs))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 1, alarm", "NaN, 0, 1, alarm", "1, -1, 1, foreseenFailure", "1, 2, 2, unforeseenFailure"})
    void senselessCostsAreRefused(double alarm, double foreseen, double unforeseen, String field) {
        assertThatThrownBy(() -> new AlarmCosts(alarm, foreseen, unforeseen))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageStartingWith(field + " must");
    }

    /** No threshold at all, tried one by one, costs less than the one that was chosen. */
    @SeededTest(runs = 200)
    void noThresholdIsCheaper(SplittableRandom random) {
        int n = 1 + random.nextInt(40);
        double[] risks = random.doubles(n).map(p -> Math.rint(20 * p) / 20).toArray();
        boolean[] failed = new boolean[n];
        for (int i = 0; i < n; i++) {
            failed[i] = random.nextDouble() < risks[i];
        }
        AlarmCosts costs = new AlarmCosts(1, random.nextDouble(), 1 + 10 * random.nextDouble());
        AlarmCurve curve = AlarmCurve.of(risks, failed);
        double chosen = cost(risks, failed, curve.cheapest(costs).threshold(), costs);
        assertThat(curve.cost(curve.cheapest(costs), costs)).isLessThanOrEqualTo(chosen + 1e-12);
        for (double threshold = 0; threshold <= 1.01; threshold += 0.01) {
            assertThat(chosen).isLessThanOrEqualTo(cost(risks, failed, threshold, costs) + 1e-12);
        }
    }

    private static double cost(double[] risks, boolean[] failed, double threshold, AlarmCosts costs) {
        double sum = 0;
        for (int i = 0; i < risks.length; i++) {
            boolean alarm = risks[i] >= threshold;
            sum += alarm ? costs.alarm() : 0;
            sum += failed[i] ? alarm ? costs.foreseenFailure() : costs.unforeseenFailure() : 0;
        }
        return sum / risks.length;
    }

    @Test
    void calibrationFindsTheLawThatMadeTheOutcomes() {
        SplittableRandom random = new SplittableRandom(1);
        int n = 100_000;
        double[] margins = new double[n];
        double[] shares = new double[n];
        boolean[] failed = new boolean[n];
        for (int i = 0; i < n; i++) {
            margins[i] = 6 * random.nextDouble() - 4;
            shares[i] = 0.01 + 0.5 * random.nextDouble();
            double z = -1 + 0.8 * margins[i] + 0.3 * Calibration.logit(shares[i]);
            failed[i] = random.nextDouble() < Calibration.logistic(z);
        }
        Calibration found = Calibration.fit(margins, shares, failed);
        assertThat(found.offset()).isCloseTo(-1, within(0.05));
        assertThat(found.marginWeight()).isCloseTo(0.8, within(0.03));
        assertThat(found.shareWeight()).isCloseTo(0.3, within(0.05));
    }

    @Test
    void calibrationNeverTurnsAScoreAround() {
        double[] scores = {3, 2, 1, -1, -2, -3};
        double[] shares = {0.9, 0.8, 0.7, 0.3, 0.2, 0.1};
        boolean[] failed = {false, false, false, true, true, true};
        Calibration found = Calibration.fit(scores, shares, failed);
        assertThat(found.marginWeight()).isZero();
        assertThat(found.shareWeight()).isZero();
        assertThat(found.probability(0, 0.5)).isCloseTo(0.5, within(1e-6));
    }
}
