package dev.shadow.examples.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.List;

/** The recorded processor load that ships with the program: a real machine, a sample every five minutes. */
public final class Trace {
    /** Samples of one day. */
    public static final int SAMPLES_PER_DAY = 288;

    private static final String RESOURCE = "bitbrains-vm-871.csv";

    private Trace() {}

    /**
     * Reads the recording: percent of what the machine was given, oldest first.
     *
     * @throws IOException if the program does not contain it
     */
    public static double[] load() throws IOException {
        try (InputStream in = Trace.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IOException("the program lacks its resource " + RESOURCE + "; build it again");
            }
            List<String> lines =
                    new BufferedReader(new InputStreamReader(in, UTF_8)).lines().toList();
            return lines.stream()
                    .skip(1)
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(',') + 1)))
                    .toArray();
        }
    }

    /** Index of the first sample at or after {@code from} that is at or above the threshold; -1 if there is none. */
    public static int crossing(double[] samples, int from, double thresholdPercent) {
        for (int i = Math.max(1, from); i < samples.length; i++) {
            if (samples[i] >= thresholdPercent && samples[i - 1] < thresholdPercent) {
                return i;
            }
        }
        return -1;
    }
}
