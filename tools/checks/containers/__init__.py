"""What holds other files: archives, PDFs, and files inside of files."""
