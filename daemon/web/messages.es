# Las palabras de las páginas en español: clave = texto.
skip_to_main = Saltar al contenido principal
help = Ayuda
