package dev.shadow.forecast.stream;

import static dev.shadow.forecast.stream.Streams.LEVELS;
import static dev.shadow.forecast.stream.Streams.START;
import static dev.shadow.forecast.stream.Streams.STEP;
import static dev.shadow.forecast.stream.Streams.fed;
import static dev.shadow.forecast.stream.Streams.feed;
import static dev.shadow.forecast.stream.Streams.numbers;
import static dev.shadow.forecast.stream.Streams.opened;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.shadow.forecast.Nasty;
import dev.shadow.forecast.RealSeries;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.Forecast;
import dev.shadow.tck.property.SeededTest;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DemandStreamTest {
    @SeededTest(runs = 60)
    void givesFiniteQuantilesInOrderWithinTheBoundsForAnyInput(RandomGenerator random) {
        double low = random.nextBoolean() ? Double.NEGATIVE_INFINITY : -10;
        double high = random.nextBoolean() ? Double.POSITIVE_INFINITY : 50;
        OptionalInt season = random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(2 + random.nextInt(60));
        DemandStream stream = DemandStream.open(START, STEP, new FitOptions(1, season, low, high));
        for (int round = 0; round < 4; round++) {
            feed(stream, Nasty.values(random, 8 + random.nextInt(400)));
            Forecast forecast = stream.forecast(1 + random.nextInt(700), LEVELS);
            for (int h = 0; h < forecast.horizon(); h++) {
                assertThat(forecast.mean(h)).isFinite().isBetween(low, high);
                for (int q = 0; q < LEVELS.length; q++) {
                    assertThat(forecast.quantile(h, q)).isFinite().isBetween(low, high);
                    assertThat(forecast.quantile(h, q))
                            .isGreaterThanOrEqualTo(forecast.quantile(h, Math.max(0, q - 1)));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, -1.0 / 3, 42, 1e-300, Double.MIN_VALUE, 1e300, -Double.MAX_VALUE, Double.MAX_VALUE})
    void repeatsAConstantExactly(double constant) {
        double[] values = new double[900];
        Arrays.fill(values, constant);
        for (int season : new int[] {1, 24, 288}) {
            Forecast forecast = fed(season, values).forecast(400, LEVELS);
            for (int h = 0; h < forecast.horizon(); h++) {
                assertThat(forecast.mean(h)).isEqualTo(constant);
                for (int q = 0; q < LEVELS.length; q++) {
                    assertThat(forecast.quantile(h, q)).isEqualTo(constant);
                }
            }
        }
    }

    @Test
    void forecastsFromASingleValue() {
        assertThat(numbers(fed(24, 7).forecast(30, LEVELS))).containsOnly(START.plus(STEP), 7.0);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 24, 288, 2016})
    void followsARepeatedSeason(int season) {
        double[] values = new double[6 * season];
        Arrays.setAll(values, t -> wave(t, season));

        Forecast forecast = fed(season, values).forecast(season, LEVELS);

        for (int h = 0; h < season; h++) {
            assertThat(forecast.quantile(h, 4)).isCloseTo(wave(values.length + h, season), within(2.0));
        }
    }

    private static double wave(int t, int season) {
        return 50 + 20 * Math.sin(2 * Math.PI * t / season);
    }

    @Test
    void knowsTheTimeOfTheNextValue() {
        DemandStream stream = fed(1, 1, 2, Double.NaN);

        assertThat(stream.next()).isEqualTo(START.plus(STEP.multipliedBy(3)));
        assertThat(stream.forecast(1, LEVELS).start()).isEqualTo(stream.next());
        assertThat(stream.present()).isEqualTo(2);
    }

    @SeededTest(runs = 10)
    void copyMovesOnByItself(RandomGenerator random) {
        DemandStream stream = fed(24, Nasty.values(random, 300));
        double[] news = Nasty.values(random, 100);
        var before = numbers(stream.forecast(40, LEVELS));

        DemandStream twin = stream.copy();
        feed(twin, news);

        assertThat(numbers(stream.forecast(40, LEVELS))).isEqualTo(before);
        feed(stream, news);
        assertThat(numbers(stream.forecast(40, LEVELS))).isEqualTo(numbers(twin.forecast(40, LEVELS)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 24, 288, 2016})
    void updateAllocatesNothing(int season) {
        DemandStream stream = fed(season, RealSeries.load("nab-ec2-cpu").values());
        double[] values = RealSeries.load("bitbrains-irregular").values();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        feed(stream, values);
        threads.getThreadAllocatedBytes(id);

        long before = threads.getThreadAllocatedBytes(id);
        feed(stream, values);
        long allocated = threads.getThreadAllocatedBytes(id) - before;

        assertThat(allocated / values.length).isZero();
    }

    @SeededTest(runs = 5)
    void forgetsTheOldLevelAfterAStepChange(RandomGenerator random) {
        double[] values = new double[2400];
        Arrays.setAll(values, t -> (t < 2000 ? 20 : 70) + random.nextGaussian());
        DemandStream stream = fed(288, Arrays.copyOf(values, 2000));
        long drifts = stream.drifts();

        feed(stream, Arrays.copyOfRange(values, 2000, 2400));
        Forecast forecast = stream.forecast(12, LEVELS);

        assertThat(stream.drifts()).isGreaterThan(drifts);
        for (int h = 0; h < 12; h++) {
            assertThat(forecast.quantile(h, 1)).isGreaterThan(60);
            assertThat(forecast.quantile(h, 7)).isLessThan(80);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "1, 0.7", "48, 0", "48, 0.7", "288, 0", "288, 0.7"})
    void noiseIsNoDrift(int season, double kept) {
        long drifts = 0;
        for (int seed = 0; seed < 10; seed++) {
            Random random = new Random(seed);
            DemandStream stream = opened(season);
            double noise = 0;
            for (int t = 0; t < 2000; t++) {
                noise = kept * noise + random.nextGaussian();
                stream.update(40 + (season > 1 ? 10 * Math.sin(2 * Math.PI * t / season) : 0) + noise);
            }
            drifts += stream.drifts();
        }
        assertThat(drifts).isZero();
    }

    @SeededTest(runs = 3)
    void coversIndependentNoise(RandomGenerator random) {
        DemandStream stream = opened(48);
        int inside = 0;
        int outcomes = 0;
        double[] pending = new double[0];
        for (int t = 0; t < 6000; t++) {
            double value = 40 + 15 * Math.sin(2 * Math.PI * t / 48) + 4 * random.nextGaussian();
            if (pending.length > 0) {
                outcomes++;
                inside += value >= pending[0] && value <= pending[1] ? 1 : 0;
            }
            stream.update(value);
            if (t > 1000) {
                Forecast forecast = stream.forecast(1, new double[] {0.1, 0.9});
                pending = new double[] {forecast.quantile(0, 0), forecast.quantile(0, 1)};
            }
        }
        assertThat((double) inside / outcomes).isBetween(0.77, 0.85);
    }

    @Test
    void refusesWhatItCannotUse() {
        assertThatThrownBy(() -> fed(1, Double.POSITIVE_INFINITY))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("value must be finite, or NaN");
        assertThatThrownBy(() -> opened(DemandStream.LONGEST_SEASON + 1)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> DemandStream.open(START, Duration.ZERO, FitOptions.percent(1)))
                .isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> fed(1, Double.NaN).forecast(1, LEVELS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no value has been seen");
        assertThatThrownBy(() -> fed(1, 1).forecast(0, LEVELS)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> fed(1, 1).forecast(1, new double[] {0.5, 0.5}))
                .isInstanceOf(InvalidValueException.class);
    }
}
