package dev.shadow.forecast.decomposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.tck.property.SeededTest;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class StlTest {
    @SeededTest(runs = 20)
    void thePartsAddUpToTheSeries(RandomGenerator random) {
        int period = 2 + random.nextInt(30);
        double[] values = random.doubles(2 * period + 1 + random.nextInt(100)).toArray();
        for (Stl stl : new Stl[] {
            Stl.periodic(period), Stl.of(period, 7), Stl.of(period, 11).robust()
        }) {
            Stl.Parts parts = stl.decompose(values);
            for (int t = 0; t < values.length; t++) {
                assertThat(parts.seasonal()[t] + parts.trend()[t] + parts.remainder()[t])
                        .isCloseTo(values[t], within(1e-12));
            }
        }
    }

    @Test
    void findsASeasonAndASlowTrend() {
        double[] values = new double[240];
        Arrays.setAll(values, t -> 3 + Math.cos(2 * Math.PI * t / 400) + Math.sin(2 * Math.PI * t / 12));

        Stl.Parts parts = Stl.periodic(12).decompose(values);

        for (int t = 0; t < values.length; t++) {
            assertThat(parts.seasonal()[t]).isCloseTo(Math.sin(2 * Math.PI * t / 12), within(0.1));
            assertThat(parts.trend()[t]).isCloseTo(3 + Math.cos(2 * Math.PI * t / 400), within(0.1));
        }
    }

    @Test
    void aRobustSeasonIgnoresOutliers() {
        double[] values = new double[240];
        Arrays.setAll(values, t -> Math.sin(2 * Math.PI * t / 12) + (t % 50 == 7 ? 40 : 0));

        double[] plain = Stl.of(12, 11).decompose(values).seasonal();
        double[] robust = Stl.of(12, 11).robust().decompose(values).seasonal();

        assertThat(distance(robust)).isLessThan(0.05);
        assertThat(distance(plain)).isGreaterThan(1);
    }

    private static double distance(double[] seasonal) {
        double largest = 0;
        for (int t = 0; t < seasonal.length; t++) {
            largest = Math.max(largest, Math.abs(seasonal[t] - Math.sin(2 * Math.PI * t / 12)));
        }
        return largest;
    }

    @Test
    void leavesMissingValuesMissingInTheRemainderOnly() {
        double[] values = new double[60];
        Arrays.setAll(values, t -> t % 6);
        values[20] = Double.NaN;

        Stl.Parts parts = Stl.of(6, 7).decompose(values);

        assertThat(parts.remainder()[20]).isNaN();
        assertThat(parts.trend()[20]).isFinite();
        assertThat(parts.seasonal()[20]).isFinite();
    }

    @Test
    void refusesTooFewValuesAndWrongWindows() {
        assertThatThrownBy(() -> Stl.periodic(12).decompose(new double[24]))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("be above two seasons of 12");
        assertThatThrownBy(() -> Stl.of(12, 10)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> Stl.of(1, 11)).isInstanceOf(InvalidValueException.class);
    }
}
