package dev.shadow.forecast.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.shadow.forecast.stream.Resampler.Rule;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.tck.property.SeededTest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class ResamplerTest {
    private static final Instant ORIGIN = Instant.parse("2024-03-01T00:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final List<Double> out = new ArrayList<>();

    private static Resampler of(Rule rule, int latenessSeconds) {
        return Resampler.of(ORIGIN, MINUTE, Duration.ofSeconds(latenessSeconds), 10, rule);
    }

    private void sample(Resampler resampler, int seconds, double value) {
        resampler.sample(ORIGIN.plusSeconds(seconds), value, out::add);
    }

    @Test
    void givesTheMeanTheGreatestOrTheLastOfEachStep() {
        for (Rule rule : Rule.values()) {
            Resampler resampler = of(rule, 0);
            sample(resampler, 5, 2);
            sample(resampler, 20, 6);
            sample(resampler, 59, 1);
            sample(resampler, 60, 9);
        }
        assertThat(out).containsExactly(3.0, 6.0, 1.0);
    }

    @Test
    void takesASampleThatIsLateWithinItsWindowAndDropsOneThatIsLater() {
        Resampler resampler = of(Rule.MEAN, 90);
        sample(resampler, 10, 4);
        sample(resampler, 70, 1);
        sample(resampler, 30, 8);
        sample(resampler, 150, 1);
        sample(resampler, 31, 100);

        assertThat(out).containsExactly(6.0);
        assertThat(resampler.late()).isEqualTo(1);
        assertThat(resampler.taken()).isEqualTo(4);
    }

    @Test
    void lateSampleIsNotTheLastOfItsStep() {
        Resampler resampler = of(Rule.LAST, 60);
        sample(resampler, 40, 4);
        sample(resampler, 20, 8);
        sample(resampler, 120, 1);

        assertThat(out).containsExactly(4.0);
    }

    @Test
    void countsTheFirstOfTwoSamplesWithOneTime() {
        Resampler resampler = of(Rule.MEAN, 0);
        sample(resampler, 10, 4);
        sample(resampler, 10, 100);
        sample(resampler, 60, 1);

        assertThat(out).containsExactly(4.0);
        assertThat(resampler.duplicates()).isEqualTo(1);
    }

    @Test
    void tellsAGapAsMissingValues() {
        Resampler resampler = of(Rule.MEAN, 0);
        sample(resampler, 10, 4);
        sample(resampler, 200, 5);
        sample(resampler, 240, 6);

        assertThat(out).containsExactly(4.0, Double.NaN, Double.NaN, 5.0);
        assertThat(resampler.gaps()).isEqualTo(2);
    }

    @Test
    void beginsAnewBehindTooLongAGap() {
        Resampler resampler = of(Rule.MEAN, 0);
        sample(resampler, 10, 4);
        sample(resampler, 86_400, 5);
        sample(resampler, 86_460, 6);

        assertThat(out).containsExactly(4.0, 5.0);
        assertThat(resampler.restarts()).isEqualTo(1);
        assertThat(resampler.next()).isEqualTo(ORIGIN.plusSeconds(86_460));
    }

    @Test
    void closesStepsWhenTheirTimeHasCome() {
        Resampler resampler = of(Rule.MEAN, 30);
        sample(resampler, 10, 4);

        resampler.advance(ORIGIN.plusSeconds(89), out::add);
        assertThat(out).isEmpty();
        resampler.advance(ORIGIN.plusSeconds(90), out::add);
        assertThat(out).containsExactly(4.0);
        resampler.advance(ORIGIN.plusSeconds(160), out::add);
        assertThat(out).containsExactly(4.0, Double.NaN);
        sample(resampler, 100, 7);
        assertThat(resampler.late()).isEqualTo(1);
    }

    @Test
    void dropsWhatIsNotFinite() {
        Resampler resampler = of(Rule.MAX, 0);
        sample(resampler, 1, Double.NaN);
        sample(resampler, 2, Double.POSITIVE_INFINITY);
        sample(resampler, 3, 1);
        sample(resampler, 60, 1);

        assertThat(out).containsExactly(1.0);
        assertThat(resampler.unusable()).isEqualTo(2);
    }

    @Test
    void takesTimesBeforeTheOrigin() {
        Resampler resampler = of(Rule.LAST, 0);
        sample(resampler, -61, 1);
        sample(resampler, -60, 2);
        sample(resampler, 0, 3);

        assertThat(out).containsExactly(1.0, 2.0);
    }

    /** The model: all samples sorted into steps, those within the lateness of the newest so far. */
    @SeededTest(runs = 100)
    void equalsSortingAllSamplesIntoStepsWhenNoneIsTooLate(RandomGenerator random) {
        int steps = 40;
        Resampler resampler = Resampler.of(ORIGIN, MINUTE, Duration.ofMinutes(3), 100, Rule.MEAN);
        double[] sums = new double[steps];
        int[] counts = new int[steps];
        sample(resampler, 0, 5);
        sums[0] = 5;
        counts[0] = 1;
        int newest = 0;
        for (int i = 0; i < 150; i++) {
            int at = Math.min(60 * steps - 1, Math.max(0, newest + random.nextInt(300) - 170));
            double value = random.nextInt(100);
            long duplicates = resampler.duplicates();
            sample(resampler, at, value);
            newest = Math.max(newest, at);
            if (resampler.duplicates() == duplicates) {
                sums[at / 60] += value;
                counts[at / 60]++;
            }
        }
        sample(resampler, 60 * steps + 240, 0);

        assertThat(resampler.late()).isZero();
        assertThat(out).hasSizeGreaterThanOrEqualTo(steps);
        double[] expected = new double[steps];
        Arrays.setAll(expected, n -> sums[n] / counts[n]);
        for (int n = 0; n < steps; n++) {
            if (counts[n] == 0) {
                assertThat(out.get(n)).isNaN();
            } else {
                assertThat(out.get(n)).isCloseTo(expected[n], within(1e-9));
            }
        }
    }

    @Test
    void refusesWhatItCannotUse() {
        assertThatThrownBy(() -> Resampler.of(ORIGIN, Duration.ZERO, MINUTE, 1, Rule.MEAN))
                .isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> Resampler.of(ORIGIN, MINUTE, Duration.ofDays(30), 1, Rule.MEAN))
                .isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> Resampler.of(ORIGIN, MINUTE, MINUTE, 0, Rule.MEAN))
                .isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> of(Rule.MEAN, 0).sample(Instant.MAX, 1, out::add))
                .isInstanceOf(InvalidValueException.class);
    }
}
