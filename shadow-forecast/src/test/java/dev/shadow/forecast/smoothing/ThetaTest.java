package dev.shadow.forecast.smoothing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.shadow.forecast.ensemble.PointMethod;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class ThetaTest {
    /** On a straight line smoothing takes over all of each error, and half of the slope is its drift. */
    @Test
    void goesOnAlongAStraightLineAtHalfItsSlope() {
        double[] values = new double[50];
        Arrays.setAll(values, t -> 7 + 3.0 * t);
        PointMethod theta = fitted(values, 1);

        assertThat(theta.ahead(4) - theta.ahead(3)).isCloseTo(1.5, within(1e-9));
        assertThat(theta.ahead(1)).isCloseTo(values[49] + 1.5, within(0.01));
    }

    @Test
    void repeatsASeasonThatMultiplies() {
        double[] factors = {0.5, 1, 1.5, 1};
        double[] values = new double[80];
        Arrays.setAll(values, t -> 40 * factors[t % 4]);
        PointMethod theta = fitted(values, 4);

        for (int h = 1; h <= 12; h++) {
            assertThat(theta.ahead(h)).isCloseTo(40 * factors[(79 + h) % 4], within(0.5));
        }
    }

    @Test
    void reproducesAConstantExactly() {
        double[] values = new double[40];
        Arrays.fill(values, -1.0 / 3);

        assertThat(fitted(values, 4).ahead(9)).isEqualTo(-1.0 / 3);
    }

    @Test
    void aCopyGoesItsOwnWay() {
        PointMethod theta = fitted(new double[] {1, 4, 2, 5, 3, 6, 4, 7}, 1);
        double before = theta.ahead(2);

        theta.copy().observe(100);

        assertThat(theta.ahead(2)).isEqualTo(before);
    }

    private static PointMethod fitted(double[] values, int season) {
        Theta theta = Theta.fit(values, season);
        for (double value : values) {
            theta.observe(value);
        }
        return theta;
    }
}
