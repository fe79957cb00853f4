package dev.shadow.forecast.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.shadow.forecast.conformal.DecayedSample;
import dev.shadow.tck.property.SeededTest;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class SketchBankTest {
    private static final double[] LEVELS = {0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99};

    @SeededTest(runs = 40)
    void equalsTheWholeSampleWhileItHasRoom(RandomGenerator random) {
        SketchBank bank = new SketchBank(2, 40);
        DecayedSample sample = DecayedSample.of(Double.POSITIVE_INFINITY, 500);
        for (int i = 0; i < 200; i++) {
            double value = random.nextInt(30) / 7.0;
            bank.add(1, value, 1);
            sample.add(value);
        }
        double[] expected = new double[LEVELS.length];
        double[] actual = new double[LEVELS.length + 3];
        sample.quantiles(LEVELS, expected);

        bank.quantiles(1, LEVELS, actual, 3);

        for (int q = 0; q < LEVELS.length; q++) {
            assertThat(actual[q + 3]).isCloseTo(expected[q], within(1e-9));
        }
        assertThat(bank.mean(1)).isCloseTo(sample.mean(), within(1e-9));
        assertThat(bank.isEmpty(0)).isTrue();
    }

    /** The margin is in the deviation of the values; a sample of 200 errs by as much at the edge. */
    @SeededTest(runs = 20)
    void staysCloseToTheDecayedSampleWhenValuesWereJoined(RandomGenerator random) {
        SketchBank bank = new SketchBank(1, 20);
        DecayedSample sample = DecayedSample.of(200, 2000);
        for (int i = 0; i < 3000; i++) {
            double value = random.nextGaussian();
            bank.add(0, value, (float) Math.pow(0.5, 1 / 200.0));
            sample.add(value);
        }
        double[] expected = new double[LEVELS.length];
        double[] actual = new double[LEVELS.length];
        sample.quantiles(LEVELS, expected);

        bank.quantiles(0, LEVELS, actual, 0);

        for (int q = 1; q < LEVELS.length - 1; q++) {
            assertThat(actual[q]).isCloseTo(expected[q], within(0.2));
        }
    }

    @Test
    void keepsTheAtomsOfAMachineThatJumpsBetweenValues() {
        SketchBank bank = new SketchBank(1, 8);
        for (int i = 0; i < 400; i++) {
            bank.add(0, i % 4 == 0 ? 80 : 5, 0.99f);
        }
        double[] row = new double[2];

        bank.quantiles(0, new double[] {0.5, 0.9}, row, 0);

        assertThat(row).containsExactly(5, 80);
    }

    @Test
    void forgetsOldValuesSoonerAfterBeingTold() {
        SketchBank bank = new SketchBank(1, 8);
        for (int i = 0; i < 100; i++) {
            bank.add(0, 1, 1);
        }
        bank.forget(0.1f);
        for (int i = 0; i < 30; i++) {
            bank.add(0, 2, 1);
        }
        double[] row = new double[1];

        bank.quantiles(0, new double[] {0.5}, row, 0);

        assertThat(row).containsExactly(2);
    }
}
