package dev.shadow.examples.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A recorded processor load: a sample every five minutes, in percent, oldest first. As text a head line, then a line
 * for each sample with its number and its value, which is {@code NA} where the recording has a gap.
 */
public final class Trace {
    /** Samples of one day. */
    public static final int SAMPLES_PER_DAY = 288;

    private static final String RESOURCE = "bitbrains-vm-871.csv";

    private Trace() {}

    /**
     * Copies the recording that ships with the program, which is of a real machine.
     *
     * @throws IOException if the program does not contain it, or the file cannot be written
     */
    public static void copyTo(Path file) throws IOException {
        try (InputStream in = Trace.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IOException("the program lacks its resource " + RESOURCE + "; build it again");
            }
            Files.copy(in, file);
        }
    }

    /**
     * Reads a recording; a missing sample is NaN.
     *
     * @throws IOException if the file cannot be read or holds something else
     */
    public static double[] read(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file, UTF_8)) {
            return lines.skip(1).mapToDouble(Trace::sample).toArray();
        } catch (NumberFormatException e) {
            throw new IOException(file + " is no recording: " + e.getMessage(), e);
        }
    }

    private static double sample(String line) {
        String value = line.substring(line.indexOf(',') + 1);
        return value.equals("NA") ? Double.NaN : Double.parseDouble(value);
    }

    /** Index of the first sample from {@code from} on that rises to the threshold or above; -1 if there is none. */
    public static int crossing(double[] samples, int from, double thresholdPercent) {
        for (int i = Math.max(1, from); i < samples.length; i++) {
            if (samples[i] >= thresholdPercent && samples[i - 1] < thresholdPercent) {
                return i;
            }
        }
        return -1;
    }
}
