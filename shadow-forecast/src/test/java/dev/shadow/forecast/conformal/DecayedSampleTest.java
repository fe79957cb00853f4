package dev.shadow.forecast.conformal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.shadow.tck.property.SeededTest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class DecayedSampleTest {
    @Test
    void placesEqualWeightsAtTheirRankOverOneMoreThanTheirNumber() {
        DecayedSample sample = DecayedSample.of(Double.POSITIVE_INFINITY, 10);
        for (double value : new double[] {40, 10, 30, 20}) {
            sample.add(value);
        }
        double[] quantiles = new double[6];
        sample.quantiles(new double[] {0.01, 0.2, 0.4, 0.5, 0.8, 0.99}, quantiles);
        assertThat(quantiles).containsExactly(new double[] {10, 10, 20, 25, 40, 40}, within(1e-12));
        assertThat(sample.mean()).isEqualTo(25);
    }

    @Test
    void countsTheYoungerMore() {
        DecayedSample sample = DecayedSample.of(1, 10);
        sample.add(0);
        sample.add(3);
        assertThat(sample.mean()).isCloseTo(2, within(1e-12));
    }

    @Test
    void givesZeroWhenEmpty() {
        double[] quantiles = {9};
        DecayedSample.of(5, 3).quantiles(new double[] {0.5}, quantiles);
        assertThat(quantiles).containsExactly(0);
    }

    @Test
    void refusesAHalfLifeOfZeroAndNoRoom() {
        assertThatThrownBy(() -> DecayedSample.of(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DecayedSample.of(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @SeededTest(runs = 200)
    void agreesWithAListThatIsSortedAfresh(RandomGenerator random) {
        int capacity = 1 + random.nextInt(40);
        double halfLife = 0.5 + random.nextDouble() * 30;
        DecayedSample sample = DecayedSample.of(halfLife, capacity);
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            double value = random.nextInt(12);
            sample.add(value);
            all.add(value);
        }
        double[] levels = {0.05, 0.3, 0.5, 0.9};
        double[] quantiles = new double[levels.length];
        sample.copy().quantiles(levels, quantiles);
        assertThat(sample.size()).isEqualTo(capacity);
        for (int q = 0; q < levels.length; q++) {
            assertThat(quantiles[q]).isCloseTo(slowQuantile(all, capacity, halfLife, levels[q]), within(1e-9));
        }
    }

    private record Weighted(double value, double weight) {}

    private static double slowQuantile(List<Double> all, int capacity, double halfLife, double level) {
        List<Weighted> kept = new ArrayList<>();
        for (int i = all.size() - capacity; i < all.size(); i++) {
            kept.add(new Weighted(all.get(i), Math.pow(0.5, (all.size() - 1 - i) / halfLife)));
        }
        kept.sort(Comparator.comparingDouble(Weighted::value));
        double total = 1 + kept.stream().mapToDouble(Weighted::weight).sum();
        double below = 0.5;
        double lastPosition = 0;
        double lastValue = kept.get(0).value();
        for (Weighted next : kept) {
            double position = (below + next.weight() / 2) / total;
            if (position >= level) {
                return lastValue + (next.value() - lastValue) * (level - lastPosition) / (position - lastPosition);
            }
            below += next.weight();
            lastPosition = position;
            lastValue = next.value();
        }
        return lastValue;
    }
}
