package dev.shadow.forecast.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.shadow.tck.property.SeededTest;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class ConformalPredictorTest {
    private static final double[] LEVELS = {0.1, 0.5, 0.9};

    /** A random walk's errors grow with the square root of the distance. */
    @SeededTest(runs = 5)
    void widensAsErrorsDidAtEachDistance(RandomGenerator random) {
        ConformalPredictor predictor = predictor();
        double value = 0;
        for (int t = 0; t < 4000; t++) {
            value += random.nextGaussian();
            predictor.observe(value);
        }
        double[][] quantiles = new double[3][3];
        predictor.forecast(new int[] {1, 16, 64}, LEVELS, quantiles, new double[3]);

        double one = quantiles[0][2] - quantiles[0][0];
        assertThat(one).isCloseTo(2 * 1.2816, within(0.5));
        assertThat((quantiles[1][2] - quantiles[1][0]) / one).isBetween(2.4, 5.6);
        assertThat((quantiles[2][2] - quantiles[2][0]) / one).isBetween(3.5, 12.0);
    }

    /** With exchangeable errors an interval holds its share of the outcomes, whatever their distribution. */
    @SeededTest(runs = 5)
    void coversIndependentErrorsOfAnyShape(RandomGenerator random) {
        ConformalPredictor predictor = predictor();
        int inside = 0;
        int count = 0;
        double[][] quantiles = new double[1][3];
        for (int t = 0; t < 3000; t++) {
            double value = Math.exp(2 * random.nextGaussian());
            if (t >= 500) {
                predictor.forecast(new int[] {1}, LEVELS, quantiles, new double[1]);
                inside += value >= quantiles[0][0] && value <= quantiles[0][2] ? 1 : 0;
                count++;
            }
            predictor.observe(value);
        }
        assertThat((double) inside / count).isBetween(0.76, 0.84);
    }

    @Test
    void repeatsAConstantWithoutAnInterval() {
        ConformalPredictor predictor = predictor();
        for (int t = 0; t < 100; t++) {
            predictor.observe(0.3);
        }
        double[][] quantiles = new double[2][3];
        predictor.forecast(new int[] {3, 500}, LEVELS, quantiles, new double[2]);

        assertThat(Arrays.stream(quantiles).flatMapToDouble(Arrays::stream)).containsOnly(0.3);
    }

    private static ConformalPredictor predictor() {
        return ConformalPredictor.of(new LastValue(), HorizonGrid.upTo(32, 1), Double.POSITIVE_INFINITY);
    }
}
