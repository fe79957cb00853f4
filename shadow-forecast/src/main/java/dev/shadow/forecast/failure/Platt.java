package dev.shadow.forecast.failure;

/**
 * Logistic recalibration of a margin: probability = 1 / (1 + exp(-(a + b margin))), fitted by damped Newton steps with
 * a weak pull of b to 1 (Platt, 1999; Lin, Lin and Weng, Machine Learning 68, 2007). The slope is never negative, so the order of the
 * risks is that of the margins.
 */
record Platt(double offset, double slope) {
    private static final double PULL = 1;

    static Platt fit(double[] margins, boolean[] failed) {
        double a = 0;
        double b = 1;
        double loss = loss(margins, failed, a, b);
        for (int step = 0; step < 100; step++) {
            double ga = 0;
            double gb = PULL * (b - 1);
            double haa = 1e-9;
            double hab = 0;
            double hbb = PULL;
            for (int i = 0; i < margins.length; i++) {
                double p = logistic(a + b * margins[i]);
                double e = p - (failed[i] ? 1 : 0);
                double w = p * (1 - p);
                ga += e;
                gb += e * margins[i];
                haa += w;
                hab += w * margins[i];
                hbb += w * margins[i] * margins[i];
            }
            double det = haa * hbb - hab * hab;
            double da = (hbb * ga - hab * gb) / det;
            double db = (haa * gb - hab * ga) / det;
            double size = 1;
            double next = loss(margins, failed, a - da, b - db);
            while (!(next <= loss) && size > 1e-6) {
                size /= 2;
                next = loss(margins, failed, a - size * da, b - size * db);
            }
            if (!(loss - next > 1e-12 * loss)) {
                break;
            }
            a -= size * da;
            b -= size * db;
            loss = next;
        }
        return new Platt(a, Math.max(b, 1e-3));
    }

    double probability(double margin) {
        return logistic(offset + slope * margin);
    }

    private static double loss(double[] margins, boolean[] failed, double a, double b) {
        double loss = PULL * (b - 1) * (b - 1) / 2;
        for (int i = 0; i < margins.length; i++) {
            double z = a + b * margins[i];
            double s = failed[i] ? -z : z;
            loss += s > 0 ? s + Math.log1p(Math.exp(-s)) : Math.log1p(Math.exp(s));
        }
        return loss;
    }

    static double logistic(double z) {
        return 1 / (1 + Math.exp(-z));
    }
}
