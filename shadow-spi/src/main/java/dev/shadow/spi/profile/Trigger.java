package dev.shadow.spi.profile;

import dev.shadow.spi.internal.Checks;
import java.time.Duration;

/**
 * A condition under which the shadows of a profile are wanted. A profile without triggers wants them
 * always; a profile with several wants them while at least one has fired.
 */
public sealed interface Trigger permits Trigger.Threshold, Trigger.Predictive {
    /** The quantity that is watched. */
    TriggerSignal signal();

    /** The threshold in percent, 0 to 100. */
    double thresholdPercent();

    /** On which side of the threshold it fires. */
    Direction direction();

    /** How far the signal must come back over the threshold before it releases, in percent points. */
    double hysteresisPercent();

    /** The least time between firing and releasing. */
    Duration coolDown();

    /**
     * Fires when the measured signal has stayed beyond the threshold for the hold time.
     *
     * @param signal the quantity that is watched
     * @param thresholdPercent 0 to 100
     * @param direction on which side of the threshold it fires
     * @param holdTime how long the signal must stay beyond the threshold; zero fires at the first sample
     * @param hysteresisPercent 0 to 100; it releases when the signal has come back by this much
     * @param coolDown least time between firing and releasing, at least zero
     */
    record Threshold(
            TriggerSignal signal,
            double thresholdPercent,
            Direction direction,
            Duration holdTime,
            double hysteresisPercent,
            Duration coolDown)
            implements Trigger {
        public Threshold {
            Checks.present("signal", signal);
            Checks.range("thresholdPercent", thresholdPercent, 0, 100);
            Checks.present("direction", direction);
            Checks.notNegative("holdTime", holdTime);
            Checks.range("hysteresisPercent", hysteresisPercent, 0, 100);
            Checks.notNegative("coolDown", coolDown);
        }
    }

    /**
     * Fires when the forecast says that the signal will be beyond the threshold, with at least the given
     * probability, at some step within the time that warming a shadow takes.
     *
     * @param signal the quantity that is forecast
     * @param thresholdPercent 0 to 100
     * @param direction on which side of the threshold it fires
     * @param probability 0 to 1, both excluded: fires when the quantile at {@code 1 - probability} (above)
     *     or at {@code probability} (below) is beyond the threshold
     * @param leadTimeFloor look at least this far ahead, even if warming is faster; at least zero
     * @param hysteresisPercent 0 to 100; it releases when that quantile has come back by this much
     * @param coolDown least time between firing and releasing, at least zero
     * @param use whether it may act on the forecast
     */
    record Predictive(
            TriggerSignal signal,
            double thresholdPercent,
            Direction direction,
            double probability,
            Duration leadTimeFloor,
            double hysteresisPercent,
            Duration coolDown,
            ForecastUse use)
            implements Trigger {
        public Predictive {
            Checks.present("signal", signal);
            Checks.range("thresholdPercent", thresholdPercent, 0, 100);
            Checks.present("direction", direction);
            Checks.inside("probability", probability, 0, 1);
            Checks.notNegative("leadTimeFloor", leadTimeFloor);
            Checks.range("hysteresisPercent", hysteresisPercent, 0, 100);
            Checks.notNegative("coolDown", coolDown);
            Checks.present("use", use);
        }

        /** A trigger that acts on the forecast. */
        public Predictive(
                TriggerSignal signal,
                double thresholdPercent,
                Direction direction,
                double probability,
                Duration leadTimeFloor,
                double hysteresisPercent,
                Duration coolDown) {
            this(
                    signal,
                    thresholdPercent,
                    direction,
                    probability,
                    leadTimeFloor,
                    hysteresisPercent,
                    coolDown,
                    ForecastUse.ACT);
        }
    }
}
