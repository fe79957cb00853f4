package dev.shadow.forecast.failure;

/** What an ensemble's score means and how far off it is. */
enum Loss {
    /** The score is the log-odds of failure. */
    LOGISTIC {
        @Override
        double start(double rate) {
            return Calibration.logit(rate);
        }

        @Override
        double probability(double score) {
            return Calibration.logistic(score);
        }

        @Override
        double curvature(double probability) {
            return probability * (1 - probability);
        }
    },
    /** The score is the probability of failure, up to some error. */
    SQUARED {
        @Override
        double start(double rate) {
            return rate;
        }

        @Override
        double probability(double score) {
            return score;
        }

        @Override
        double curvature(double probability) {
            return 1;
        }
    };

    /** The score that all rows start from, given the share of them that failed. */
    abstract double start(double rate);

    /** The loss has the first derivative {@code probability - outcome} by the score. */
    abstract double probability(double score);

    /** The second derivative of the loss. */
    abstract double curvature(double probability);
}
