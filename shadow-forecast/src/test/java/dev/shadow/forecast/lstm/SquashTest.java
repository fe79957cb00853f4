package dev.shadow.forecast.lstm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class SquashTest {
    @Test
    void tangentIsWithinAMillionthEverywhere() {
        double largest = 0;
        for (int i = -200_000; i <= 200_000; i++) {
            float x = i * 1e-4f;
            largest = Math.max(largest, Math.abs(Squash.tanh(x) - Math.tanh(x)));
        }
        assertThat(largest).isLessThan(1e-6);
    }

    @Test
    void manyAtOnceEqualOneByOne() {
        float[] values = new float[100];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i - 50) / 3f;
        }
        float[] squashed = values.clone();
        Squash.tanh(squashed, new float[100], 0.5f, 100);
        for (int i = 0; i < values.length; i++) {
            assertThat((double) squashed[i]).isCloseTo(Squash.tanh(0.5f * values[i]), within(1e-7));
        }
    }

    @Test
    void infinityIsOneAndNotANumberStaysSo() {
        assertThat((double) Squash.tanh(Float.POSITIVE_INFINITY)).isCloseTo(1, within(1e-6));
        assertThat((double) Squash.tanh(Float.NEGATIVE_INFINITY)).isCloseTo(-1, within(1e-6));
        assertThat(Squash.tanh(Float.NaN)).isNaN();
    }
}
