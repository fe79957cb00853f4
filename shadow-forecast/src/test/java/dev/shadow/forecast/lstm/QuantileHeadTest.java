package dev.shadow.forecast.lstm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class QuantileHeadTest {
    private final QuantileHead head = new QuantileHead();
    private final double[] quantiles = new double[QuantileHead.LEVEL_COUNT];

    private static double[][] anchors(SplittableRandom random) {
        double[][] anchors = new double[QuantileHead.ANCHORS][QuantileHead.LEVEL_COUNT];
        for (double[] anchor : anchors) {
            double value = random.nextGaussian();
            for (int q = 0; q < anchor.length; q++) {
                value += random.nextInt(2) * random.nextDouble();
                anchor[q] = value;
            }
        }
        return anchors;
    }

    private static double[] numbers(SplittableRandom random) {
        double[] numbers = new double[QuantileHead.NUMBERS];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = 10 * random.nextGaussian();
        }
        return numbers;
    }

    @Test
    void quantilesNeverCrossWhateverTheNetworkSays() {
        SplittableRandom random = new SplittableRandom(1);
        for (int trial = 0; trial < 2000; trial++) {
            head.quantiles(numbers(random), 0, anchors(random), random.nextDouble(), quantiles);
            for (int q = 1; q < quantiles.length; q++) {
                assertThat(quantiles[q]).isGreaterThanOrEqualTo(quantiles[q - 1]);
            }
        }
    }

    @Test
    void withoutSpreadEqualAnchorsAreTheForecast() {
        double[][] anchors = new double[QuantileHead.ANCHORS][QuantileHead.LEVEL_COUNT];
        for (double[] anchor : anchors) {
            Arrays.fill(anchor, 42);
        }
        head.quantiles(numbers(new SplittableRandom(2)), 0, anchors, 0, quantiles);
        for (double quantile : quantiles) {
            assertThat(quantile).isCloseTo(42, within(1e-12));
        }
    }

    @Test
    void gradientEqualsDifferencesOfTheLoss() {
        SplittableRandom random = new SplittableRandom(3);
        for (int trial = 0; trial < 50; trial++) {
            double[] numbers = numbers(random);
            double[][] anchors = anchors(random);
            double actual = random.nextGaussian();
            float[] gradient = new float[QuantileHead.NUMBERS];
            head.quantiles(numbers, 0, anchors, 1, quantiles);
            head.lossBack(actual, quantiles, numbers, 0, anchors, 1, gradient, 0);
            for (int i = 0; i < numbers.length; i++) {
                double kept = numbers[i];
                numbers[i] = kept + 1e-6;
                head.quantiles(numbers, 0, anchors, 1, quantiles);
                double above = QuantileHead.loss(actual, quantiles);
                numbers[i] = kept - 1e-6;
                head.quantiles(numbers, 0, anchors, 1, quantiles);
                double below = QuantileHead.loss(actual, quantiles);
                numbers[i] = kept;
                assertThat((double) gradient[i]).isCloseTo((above - below) / 2e-6, within(1e-4));
            }
        }
    }
}
