package dev.shadow.core;

import dev.shadow.core.detect.HeartbeatSettings;
import dev.shadow.core.trigger.AccuracyGate;
import dev.shadow.spi.InvalidValueException;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Times, limits and names of a manager. Every duration is more than zero unless it says otherwise.
 *
 * @param passInterval time between two reconcile passes of a started manager
 * @param callTimeout the longest that one call to a service provider may block
 * @param stepDeadline how long a step of a failover is retried before the failover reports that it is held up
 * @param retryDelay time until the first retry of a transient failure; doubled at each further one
 * @param maxRetryDelay the longest time between two retries
 * @param createAttempts how often a replica is tried on one host before another host is chosen, at least 1
 * @param exclusionTime how long a host is left out after a replica could not be made there
 * @param historyLength how much history a forecast is fitted on
 * @param metricRefresh time between two evaluations of a virtual machine's triggers
 * @param refitInterval time between two fits of one forecast model; in between it is updated
 * @param accuracyGate what a forecast must have shown before a trigger acts on it that is to act once proven
 * @param assumedSeedRate bytes per second that a first copy is assumed to make until one was measured, at least 1
 * @param writeTimeout how long a synchronous write waits for its replica
 * @param scanInterval time between two looks at all instances of a host, for leaks and stale primaries
 * @param licenseReservation how long a licence is held for an instance that is being made
 * @param startBrake after a start or a stall of the manager, how long hosts that were not heard since have to answer before a failover starts by itself; zero for none
 * @param stallThreshold a pass that comes later than this counts as a stall of the manager itself
 * @param leaseTime how long the right to act lasts unless it is renewed
 * @param detector how the default failure detector judges
 * @param owner name of this manager towards the coordinator, an identifier; must be unique and named when a coordinator is supplied
 * @param instancePrefix what the ids of all instances made here begin with, 1 to 20 letters, digits or {@code -}; unique among managers that share a fleet
 * @param seed everything random is drawn from it
 */
public record ManagerConfig(
        Duration passInterval,
        Duration callTimeout,
        Duration stepDeadline,
        Duration retryDelay,
        Duration maxRetryDelay,
        int createAttempts,
        Duration exclusionTime,
        Duration historyLength,
        Duration metricRefresh,
        Duration refitInterval,
        AccuracyGate accuracyGate,
        long assumedSeedRate,
        Duration writeTimeout,
        Duration scanInterval,
        Duration licenseReservation,
        Duration startBrake,
        Duration stallThreshold,
        Duration leaseTime,
        HeartbeatSettings detector,
        String owner,
        String instancePrefix,
        long seed) {
    /** What the builder starts from. */
    public static final ManagerConfig DEFAULTS = builder().build();

    public ManagerConfig {
        positive("passInterval", passInterval);
        positive("callTimeout", callTimeout);
        positive("stepDeadline", stepDeadline);
        positive("retryDelay", retryDelay);
        positive("maxRetryDelay", maxRetryDelay);
        atLeastOne("createAttempts", createAttempts);
        positive("exclusionTime", exclusionTime);
        positive("historyLength", historyLength);
        positive("metricRefresh", metricRefresh);
        positive("refitInterval", refitInterval);
        atLeastOne("assumedSeedRate", assumedSeedRate);
        positive("writeTimeout", writeTimeout);
        positive("scanInterval", scanInterval);
        positive("licenseReservation", licenseReservation);
        notNegative("startBrake", startBrake);
        positive("stallThreshold", stallThreshold);
        positive("leaseTime", leaseTime);
        if (maxRetryDelay.compareTo(retryDelay) < 0) {
            throw new InvalidValueException(
                    "maxRetryDelay", maxRetryDelay.toString(), "not be below retryDelay " + retryDelay);
        }
        matching("owner", owner, "[A-Za-z0-9][A-Za-z0-9._-]{0,127}", "be 1 to 128 letters, digits, '.', '_' or '-'");
        matching(
                "instancePrefix", instancePrefix, "[A-Za-z0-9][A-Za-z0-9-]{0,19}", "be 1 to 20 letters, digits or '-'");
    }

    private static void positive(String field, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new InvalidValueException(field, value.toString(), "be more than zero");
        }
    }

    private static void notNegative(String field, Duration value) {
        if (value.isNegative()) {
            throw new InvalidValueException(field, value.toString(), "be zero or more");
        }
    }

    private static void atLeastOne(String field, long value) {
        if (value < 1) {
            throw new InvalidValueException(field, Long.toString(value), "be at least 1");
        }
    }

    private static void matching(String field, String value, String pattern, String allowed) {
        if (!Pattern.matches(pattern, value)) {
            throw new InvalidValueException(field, '"' + value + '"', allowed);
        }
    }

    /** Returns a builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Time until retry number {@code attempt}, counted from 1. */
    public Duration delayBefore(int attempt) {
        Duration delay = retryDelay.multipliedBy(1L << Math.min(20, Math.max(0, attempt - 1)));
        return delay.compareTo(maxRetryDelay) < 0 ? delay : maxRetryDelay;
    }

    /** Builds a configuration; may be reused, not shared between threads. */
    public static final class Builder {
        private Duration passInterval = Duration.ofSeconds(1);
        private Duration callTimeout = Duration.ofSeconds(10);
        private Duration stepDeadline = Duration.ofSeconds(30);
        private Duration retryDelay = Duration.ofMillis(200);
        private Duration maxRetryDelay = Duration.ofSeconds(10);
        private int createAttempts = 3;
        private Duration exclusionTime = Duration.ofMinutes(5);
        private Duration historyLength = Duration.ofDays(14);
        private Duration metricRefresh = Duration.ofSeconds(30);
        private Duration refitInterval = Duration.ofHours(6);
        private AccuracyGate accuracyGate = AccuracyGate.STANDARD;
        private long assumedSeedRate = 50_000_000L;
        private Duration writeTimeout = Duration.ofSeconds(2);
        private Duration scanInterval = Duration.ofSeconds(30);
        private Duration licenseReservation = Duration.ofMinutes(10);
        private Duration startBrake = Duration.ofSeconds(10);
        private Duration stallThreshold = Duration.ofSeconds(5);
        private Duration leaseTime = Duration.ofSeconds(15);
        private HeartbeatSettings detector = HeartbeatSettings.DEFAULTS;
        private String owner = "embedded";
        private String instancePrefix = "shadow";
        private long seed = 1L;

        private Builder() {}

        /** Time between two reconcile passes of a started manager. */
        public Builder passInterval(Duration value) {
            passInterval = value;
            return this;
        }

        /** The longest that one call to a service provider may block. */
        public Builder callTimeout(Duration value) {
            callTimeout = value;
            return this;
        }

        /** How long a step of a failover is retried before the failover reports that it is held up. */
        public Builder stepDeadline(Duration value) {
            stepDeadline = value;
            return this;
        }

        /** Time until the first retry of a transient failure; doubled at each further one. */
        public Builder retryDelay(Duration value) {
            retryDelay = value;
            return this;
        }

        /** The longest time between two retries. */
        public Builder maxRetryDelay(Duration value) {
            maxRetryDelay = value;
            return this;
        }

        /** How often a replica is tried on one host before another host is chosen, at least 1. */
        public Builder createAttempts(int value) {
            createAttempts = value;
            return this;
        }

        /** How long a host is left out after a replica could not be made there. */
        public Builder exclusionTime(Duration value) {
            exclusionTime = value;
            return this;
        }

        /** How much history a forecast is fitted on. */
        public Builder historyLength(Duration value) {
            historyLength = value;
            return this;
        }

        /** Time between two evaluations of a virtual machine's triggers. */
        public Builder metricRefresh(Duration value) {
            metricRefresh = value;
            return this;
        }

        /** Time between two fits of one forecast model; in between it is updated. */
        public Builder refitInterval(Duration value) {
            refitInterval = value;
            return this;
        }

        /** What a forecast must have shown before a trigger acts on it that is to act once proven. */
        public Builder accuracyGate(AccuracyGate value) {
            accuracyGate = value;
            return this;
        }

        /** Bytes per second that a first copy is assumed to make until one was measured, at least 1. */
        public Builder assumedSeedRate(long value) {
            assumedSeedRate = value;
            return this;
        }

        /** How long a synchronous write waits for its replica. */
        public Builder writeTimeout(Duration value) {
            writeTimeout = value;
            return this;
        }

        /** Time between two looks at all instances of a host, for leaks and stale primaries. */
        public Builder scanInterval(Duration value) {
            scanInterval = value;
            return this;
        }

        /** How long a licence is held for an instance that is being made. */
        public Builder licenseReservation(Duration value) {
            licenseReservation = value;
            return this;
        }

        /** After a start or a stall of the manager, how long hosts that were not heard since have to answer before a failover starts by itself; zero for none. */
        public Builder startBrake(Duration value) {
            startBrake = value;
            return this;
        }

        /** A pass that comes later than this counts as a stall of the manager itself. */
        public Builder stallThreshold(Duration value) {
            stallThreshold = value;
            return this;
        }

        /** How long the right to act lasts unless it is renewed. */
        public Builder leaseTime(Duration value) {
            leaseTime = value;
            return this;
        }

        /** How the default failure detector judges. */
        public Builder detector(HeartbeatSettings value) {
            detector = value;
            return this;
        }

        /** Name of this manager towards the coordinator, an identifier; must be unique and named when a coordinator is supplied. */
        public Builder owner(String value) {
            owner = value;
            return this;
        }

        /** What the ids of all instances made here begin with, 1 to 20 letters, digits or {@code -}; unique among managers that share a fleet. */
        public Builder instancePrefix(String value) {
            instancePrefix = value;
            return this;
        }

        /** Everything random is drawn from it. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /**
         * Builds the configuration.
         *
         * @throws InvalidValueException if a value is refused
         */
        public ManagerConfig build() {
            return new ManagerConfig(
                    passInterval,
                    callTimeout,
                    stepDeadline,
                    retryDelay,
                    maxRetryDelay,
                    createAttempts,
                    exclusionTime,
                    historyLength,
                    metricRefresh,
                    refitInterval,
                    accuracyGate,
                    assumedSeedRate,
                    writeTimeout,
                    scanInterval,
                    licenseReservation,
                    startBrake,
                    stallThreshold,
                    leaseTime,
                    detector,
                    owner,
                    instancePrefix,
                    seed);
        }
    }
}
